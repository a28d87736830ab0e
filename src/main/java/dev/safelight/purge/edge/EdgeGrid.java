package dev.safelight.purge.edge;

import dev.safelight.asset.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Akamai's EdgeGrid signature of a POST (<https://techdocs.akamai.com/developer/docs/edgegrid>): the hash
/// of the body and what else matters are signed with a key that is made of the secret and the time.
final class EdgeGrid {
    private static final String ALGORITHM = "EG1-HMAC-SHA256";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm:ss'+0000'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String clientToken;
    private final String clientSecret;
    private final String accessToken;

    EdgeGrid(String clientToken, String clientSecret, String accessToken) {
        this.clientToken = clientToken;
        this.clientSecret = clientSecret;
        this.accessToken = accessToken;
    }

    /// The value of the `Authorization` header.
    ///
    /// @param scheme `https`
    /// @param host with its port, if the address has one
    /// @param path with its query
    /// @param nonce never used before
    String authorize(String scheme, String host, String path, byte[] body, Instant now, String nonce) {
        String time = TIME.format(now);
        String begin = "%s client_token=%s;access_token=%s;timestamp=%s;nonce=%s;"
                .formatted(ALGORITHM, clientToken, accessToken, time, nonce);
        String hash = body.length == 0 ? "" : base64(Sha256.digest().digest(body));
        String data = String.join("\t", "POST", scheme, host.toLowerCase(Locale.ROOT), path, "", hash, begin);
        String key = base64(hmac(clientSecret, time));
        return begin + "signature=" + base64(hmac(key, data));
    }

    private static byte[] hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
