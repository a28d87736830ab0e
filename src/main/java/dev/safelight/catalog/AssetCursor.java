package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;

/// Where a list of assets goes on: the last id of the page before, in a form that invites nobody to build one.
public final class AssetCursor {
    private static final int BYTES = 16;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{21}[AQgw]");

    private AssetCursor() {}

    public static String after(AssetId last) {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(last.value().getMostSignificantBits())
                .putLong(last.value().getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// @throws Failure invalid, when it is none
    public static AssetId parse(String cursor) {
        if (!FORM.matcher(cursor).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID, "The cursor must be the nextCursor of the page before, as it was given.");
        }
        ByteBuffer id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
        return new AssetId(new UUID(id.getLong(), id.getLong()));
    }
}
