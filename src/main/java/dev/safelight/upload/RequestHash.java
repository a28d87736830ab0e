package dev.safelight.upload;

import dev.safelight.asset.Space;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Tells whether two requests ask for the same upload.
final class RequestHash {
    private RequestHash() {}

    static String of(UploadRequest request, Space space) {
        List<Object> all = Arrays.asList(
                request.fileName(),
                request.contentType(),
                request.size(),
                space,
                request.sha256(),
                request.wholeMetadata(),
                request.assetId(),
                request.method());
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(all.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
