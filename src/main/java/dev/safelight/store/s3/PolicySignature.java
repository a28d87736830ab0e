package dev.safelight.store.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of a form POST's policy: AWS Signature Version 4, where the policy itself is the string to sign.
public final class PolicySignature {
    public static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private PolicySignature() {}

    /// @param date the day of the credential scope as `yyyyMMdd`
    /// @param policy the policy as it is sent, in Base64
    public static String sign(String secretKey, String date, String region, String policy) {
        byte[] key = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), date);
        for (String part : new String[] {region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, policy));
    }

    /// The scope that binds a key to a day, a region and the service, as in `x-amz-credential`.
    public static String credential(String accessKey, String date, String region) {
        return accessKey + "/" + date + "/" + region + "/s3/aws4_request";
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
