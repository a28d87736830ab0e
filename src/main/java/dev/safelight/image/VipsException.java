package dev.safelight.image;

import dev.safelight.asset.Failure;
import java.util.regex.Pattern;

/// An operation that libvips refused or could not finish; its message is for logs only.
///
/// The message comes from an error buffer that all threads of the process share, so it may describe another picture
/// and must never reach a caller of the platform.
final class VipsException extends Exception {
    private static final long serialVersionUID = 1;

    /// What the libraries and the C library say when the machine has no more of something; "out of memory reading of" a
    /// tag is what libtiff says of one that claims to be larger than any memory.
    private static final Pattern SHORTAGE = Pattern.compile(
            "out of memory(?! reading of)|cannot allocate|insufficient memory|unable to open for read|too many open files",
            Pattern.CASE_INSENSITIVE);

    VipsException(String operation, String libraryText) {
        super(operation + ": " + libraryText.strip());
    }

    /// Whether the machine was to blame rather than the picture.
    boolean isShortage() {
        return SHORTAGE.matcher(String.valueOf(getMessage())).find();
    }

    /// Whether nothing went wrong but that rows were asked for twice of a decoder that gives them once.
    boolean isOutOfOrder() {
        return String.valueOf(getMessage()).lines().allMatch(line -> line.contains("out of order read"));
    }

    Failure unavailable() {
        return new Failure(
                Failure.Kind.UNAVAILABLE, "The picture cannot be processed at the moment; try again later.", this);
    }
}
