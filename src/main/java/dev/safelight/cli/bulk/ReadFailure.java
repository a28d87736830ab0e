package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says why a file could not be read or written, for its owner.
public final class ReadFailure {
    private ReadFailure() {}

    public static String text(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "permission denied.";
            case NoSuchFileException absent -> "there is no such file, or it is a link to nothing.";
            case NotDirectoryException file -> "it is no folder.";
            case FileSystemException other when other.getReason() != null -> other.getReason() + ".";
            default -> failed.getMessage() == null ? failed.toString() : failed.getMessage();
        };
    }
}
