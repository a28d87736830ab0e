package dev.safelight.front;

import dev.safelight.signing.KeyPairs;
import dev.safelight.signing.TextFile;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

/// The certificate of the server with its private key.
record Certificate(List<X509Certificate> chain, PrivateKey key) {
    /// What TLS providers all can use.
    private static final Set<String> KINDS = Set.of("RSA", "EC");

    Certificate {
        chain = List.copyOf(chain);
    }

    /// @throws IllegalArgumentException when the files do not hold what they should, or do not belong
    ///     together
    static Certificate read(Path chain, Path key) {
        String chainText = TextFile.read(chain);
        String keyText = TextFile.read(key);
        List<X509Certificate> certificates;
        PrivateKey secret;
        try {
            certificates = PemContent.of(chainText).getCertificates();
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException("%s holds no certificates as PEM".formatted(chain), wrong);
        }
        try {
            secret = PemContent.of(keyText).getPrivateKey();
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException(
                    "%s holds no private key as PEM that is not encrypted".formatted(key), wrong);
        }
        if (certificates.isEmpty() || secret == null) {
            throw new IllegalArgumentException("%s or %s is empty".formatted(chain, key));
        }
        if (!KINDS.contains(secret.getAlgorithm())) {
            throw new IllegalArgumentException(
                    "the key in %s must be one of RSA or EC, not of %s".formatted(key, secret.getAlgorithm()));
        }
        if (!KeyPairs.match(secret, certificates.getFirst().getPublicKey())) {
            throw new IllegalArgumentException(
                    "the key in %s is not that of the first certificate in %s, or of a curve that is not supported"
                            .formatted(key, chain));
        }
        return new Certificate(certificates, secret);
    }

    KeyStore toKeyStore() {
        KeyStore store = new PemSslStoreBundle(PemSslStore.of(chain, key), null).getKeyStore();
        if (store == null) {
            throw new IllegalStateException("no key store");
        }
        return store;
    }
}
