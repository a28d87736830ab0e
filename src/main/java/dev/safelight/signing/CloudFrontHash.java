package dev.safelight.signing;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What CloudFront's signatures are made with: RSA (PKCS #1 v1.5) or ECDSA over either hash.
public enum CloudFrontHash {
    /// What CloudFront assumes when nothing is said.
    SHA1,
    SHA256;

    /// Reads the value of `Hash-Algorithm`.
    static Optional<CloudFrontHash> parse(@Nullable String text) {
        return switch (text) {
            case null -> Optional.of(SHA1);
            case "SHA1" -> Optional.of(SHA1);
            case "SHA256" -> Optional.of(SHA256);
            default -> Optional.empty();
        };
    }

    byte[] sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the private key cannot sign", broken);
        }
    }

    boolean isBy(PublicKey key, byte[] text, byte[] given) {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(given);
        } catch (SignatureException malformed) {
            // of another length or form than signatures of this key have
            return false;
        } catch (InvalidKeyException unusable) {
            throw new IllegalStateException("the public key cannot verify", unusable);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java lacks " + algorithm(key), broken);
        }
    }

    private String algorithm(Key key) {
        return name() + "with" + (key instanceof ECKey ? "ECDSA" : "RSA");
    }
}
