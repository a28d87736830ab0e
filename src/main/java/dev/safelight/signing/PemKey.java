package dev.safelight.signing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads keys as openssl writes them, of the kinds that CloudFront takes: RSA of 2048 to 4096 bits, and ECDSA
/// on P-256.
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]{1,20000})-----END \\1-----");
    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 4096;
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    /// The sequence of version 0 and the algorithm rsaEncryption that PKCS #8 puts in front of a key of PKCS
    /// #1.
    private static final byte[] RSA_PREFIX = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private PemKey() {}

    /// @throws IllegalArgumentException saying what is wrong, without the key
    static PublicKey publicKey(String pem) {
        byte[] bytes = block(pem, "PUBLIC KEY");
        return checked(first(new X509EncodedKeySpec(bytes), KeyFactory::generatePublic));
    }

    /// @throws IllegalArgumentException saying what is wrong, without the key
    static PrivateKey privateKey(String pem) {
        byte[] bytes = pem.contains("-----BEGIN RSA PRIVATE KEY-----")
                ? asPkcs8(block(pem, "RSA PRIVATE KEY"))
                : block(pem, "PRIVATE KEY");
        return checked(first(new PKCS8EncodedKeySpec(bytes), KeyFactory::generatePrivate));
    }

    private static byte[] block(String pem, String label) {
        var matcher = BLOCK.matcher(pem);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    return Base64.getMimeDecoder().decode(matcher.group(2));
                } catch (IllegalArgumentException malformed) {
                    break;
                }
            }
        }
        throw new IllegalArgumentException("has no readable block \"%s\"; openssl pkey writes one%s"
                .formatted(label, pem.contains("ENCRYPTED") ? ", without a passphrase" : ""));
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(KeyFactory factory, KeySpec spec) throws GeneralSecurityException;
    }

    private static <T> T first(KeySpec spec, Reading<T> reading) {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return reading.read(KeyFactory.getInstance(algorithm), spec);
            } catch (GeneralSecurityException other) {
                // of the other kind, or of none
            }
        }
        throw new IllegalArgumentException("is neither an RSA key nor one of ECDSA");
    }

    private static <T extends Key> T checked(T key) {
        int bits = key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
        boolean isP256 = key instanceof ECKey ec && ec.getParams().getOrder().equals(P256_ORDER);
        if (!isP256 && (bits < SHORTEST_RSA || bits > LONGEST_RSA)) {
            throw new IllegalArgumentException("must be RSA of %d to %d bits, or ECDSA on P-256 (prime256v1)"
                    .formatted(SHORTEST_RSA, LONGEST_RSA));
        }
        return key;
    }

    private static byte[] asPkcs8(byte[] pkcs1) {
        byte[] octets = tagged(0x04, pkcs1);
        byte[] content = new byte[RSA_PREFIX.length + octets.length];
        System.arraycopy(RSA_PREFIX, 0, content, 0, RSA_PREFIX.length);
        System.arraycopy(octets, 0, content, RSA_PREFIX.length, octets.length);
        return tagged(0x30, content);
    }

    /// DER: tag, length in the long form of two bytes, content.
    private static byte[] tagged(int tag, byte[] content) {
        byte[] whole = new byte[content.length + 4];
        whole[0] = (byte) tag;
        whole[1] = (byte) 0x82;
        whole[2] = (byte) (content.length >> 8);
        whole[3] = (byte) content.length;
        System.arraycopy(content, 0, whole, 4, content.length);
        return whole;
    }
}
