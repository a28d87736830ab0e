package dev.safelight.upload;

import dev.safelight.asset.Space;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Tells whether two requests ask for the same upload.
final class RequestHash {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RequestHash() {}

    static String of(UploadRequest request, Space space) {
        String sha256 = request.sha256();
        List<Object> all = Arrays.asList(
                request.fileName(),
                request.contentType(),
                request.size(),
                space.text(),
                sha256 == null ? null : sha256.toLowerCase(Locale.ROOT),
                request.wholeMetadata(),
                request.assetId(),
                request.method());
        if (request.account() != null) {
            // Behind all others, and only where there is one: what was hashed before there were accounts stays the
            // same.
            all = Stream.<Object>concat(all.stream(), Stream.of(request.account()))
                    .toList();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(JSON.writeValueAsBytes(all)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
