package dev.safelight.database;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/// The password of the database server, made before its data and kept beside them.
record PasswordFile(Path file) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 24;
    private static final Pattern PASSWORD = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    /// @param made whether there are data that were made with the password, so that another one is of no use
    /// @throws Failure UNAVAILABLE when there are, and the file is missing or damaged
    String read(boolean made) throws IOException {
        String password = Files.exists(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).stripTrailing()
                : "";
        if (PASSWORD.matcher(password).matches()) {
            return password;
        }
        if (made) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The database beside " + file + " was made with the password in that file, which is "
                            + (password.isEmpty() ? "missing or empty" : "damaged")
                            + ". Restore the file from a backup (" + 2 * BYTES + " hexadecimal digits).");
        }
        return create();
    }

    /// Written whole and to the disk, or not at all: without it we would be locked out of the data made with it.
    private String create() throws IOException {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        Path draft = file.resolveSibling("password.new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(password);
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.resolveSibling(""));
        return password;
    }

    /// Forces the names in a folder to the disk.
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
