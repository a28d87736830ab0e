package dev.safelight.image;

import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import org.jspecify.annotations.Nullable;

/// The verdict that a picture is refused, thrown before anything of it is published.
public final class ImageRejected extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Rejection rejection;

    ImageRejected(Reason reason, String detail) {
        this(reason, detail, null);
    }

    /// @param cause for logs; its text may come from a decoder and must not reach a caller of the platform
    ImageRejected(Reason reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.rejection = new Rejection(reason, detail);
    }

    public Rejection rejection() {
        return rejection;
    }
}
