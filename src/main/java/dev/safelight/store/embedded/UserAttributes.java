package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/// The extended attributes of files in which content types and entity tags are kept.
public final class UserAttributes {
    private static final String NAME = "safelight.probe";

    private UserAttributes() {}

    /// Whether files in a folder can have such attributes; leaves nothing behind.
    public static boolean areKeptIn(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "probe", ".tmp");
        try {
            var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
            if (view == null) {
                return false;
            }
            ByteBuffer written = UTF_8.encode("kept");
            view.write(NAME, written.duplicate());
            ByteBuffer read = ByteBuffer.allocate(view.size(NAME));
            view.read(NAME, read);
            return read.flip().equals(written);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        } finally {
            Files.delete(file);
        }
    }

    static void require(Path folder) throws IOException {
        if (!areKeptIn(folder)) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The file system of " + folder + " keeps no user extended attributes, in which the embedded store"
                            + " records content types. Move the data folder to ext4, XFS, Btrfs or ZFS (mounted without"
                            + " nouser_xattr), or configure an external S3 service.");
        }
    }
}
