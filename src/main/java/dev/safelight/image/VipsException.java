package dev.safelight.image;

/// An operation that libvips refused or could not finish; its message is for logs only.
///
/// The message comes from an error buffer that all threads of the process share, so it may describe another picture
/// and must never reach a caller of the platform.
final class VipsException extends Exception {
    private static final long serialVersionUID = 1;

    VipsException(String operation, String libraryText) {
        super(operation + ": " + libraryText.strip());
    }
}
