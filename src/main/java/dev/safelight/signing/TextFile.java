package dev.safelight.signing;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file of text, such as PEM, that a setting names.
public final class TextFile {
    private TextFile() {}

    /// @throws IllegalArgumentException when it cannot be read, with a sentence that names it
    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException binary) {
            throw new IllegalArgumentException(file + " is no text: it has to be PEM, not DER", binary);
        } catch (NoSuchFileException absent) {
            throw new IllegalArgumentException(file + " does not exist", absent);
        } catch (IOException failed) {
            throw new IllegalArgumentException(
                    Files.isDirectory(file)
                            ? file + " is a folder"
                            : "%s cannot be read: %s".formatted(file, failed.getMessage()),
                    failed);
        }
    }
}
