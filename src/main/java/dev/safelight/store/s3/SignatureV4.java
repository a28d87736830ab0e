package dev.safelight.store.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4 for S3: of a form POST's policy, and of a request's method, address and headers.
public final class SignatureV4 {
    public static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /// Stands in for the hash of a body that the signature does not cover, as in every signed address.
    public static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final HexFormat HEX = HexFormat.of();

    private SignatureV4() {}

    /// A request as both sides spell it before signing.
    ///
    /// @param path encoded as it is sent
    /// @param query names and values, not encoded, without the signature itself
    /// @param headers those that are signed, by their names in lower case
    /// @param hash of the body in hexadecimal, or a word such as [#UNSIGNED]
    public record Request(
            String method,
            String path,
            SortedMap<String, String> query,
            SortedMap<String, String> headers,
            String hash) {

        /// The names of the signed headers, as the request itself gives them.
        public String signedHeaders() {
            return String.join(";", headers.keySet());
        }

        private String canonical() {
            StringBuilder text = new StringBuilder(512)
                    .append(method)
                    .append('\n')
                    .append(path)
                    .append('\n')
                    .append(encode(query))
                    .append('\n');
            headers.forEach((name, value) -> text.append(name)
                    .append(':')
                    .append(value.strip().replaceAll(" +", " "))
                    .append('\n'));
            return text.append('\n')
                    .append(signedHeaders())
                    .append('\n')
                    .append(hash)
                    .toString();
        }
    }

    /// Signs a form's policy, which itself is the text to sign.
    ///
    /// @param date the day of the credential scope as `yyyyMMdd`
    /// @param policy the policy as it is sent, in Base64
    public static String sign(String secretKey, String date, String region, String policy) {
        byte[] key = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), date);
        for (String part : new String[] {region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return HEX.formatHex(hmac(key, policy));
    }

    /// Signs a request.
    ///
    /// @param time of signing as `yyyyMMdd'T'HHmmss'Z'`
    public static String sign(String secretKey, String time, String region, Request request) {
        String date = time.substring(0, 8);
        String text = String.join(
                "\n",
                ALGORITHM,
                time,
                scope(date, region),
                sha256(request.canonical().getBytes(StandardCharsets.UTF_8)));
        return sign(secretKey, date, region, text);
    }

    /// The scope that binds a key to a day, a region and the service, as in `x-amz-credential`.
    public static String credential(String accessKey, String date, String region) {
        return accessKey + "/" + scope(date, region);
    }

    private static String scope(String date, String region) {
        return date + "/" + region + "/s3/aws4_request";
    }

    public static String encode(SortedMap<String, String> query) {
        return query.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    /// URLEncoder writes forms, which differ from addresses in three characters.
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /// The hash of a body as it is signed.
    public static String sha256(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
