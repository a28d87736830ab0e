package dev.safelight.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where everything is in the folder of a backup.
///
/// ```text
/// manifest.json     what there is; its own hash is in manifest.sha256
/// database/         a file for each table
/// objects.jsonl     a line for each object
/// objects/BUCKET/KEY
/// secrets/          keys of the store, and of the administrator
/// store/            what the store has noted about itself
/// ```
record BackupFolder(Path root) {
    static final String OBJECT_LIST = "objects.jsonl";
    static final String STORE_KEYS = "secrets/store-keys.properties";

    /// Files that not every data folder has, and where they lie in it.
    static final Map<String, String> OPTIONAL = Map.of(
            "secrets/admin.key", "admin.key",
            "store/tags-since", "store/tags-since",
            "store/encryption.properties", "store/encryption.properties");

    private static final String MANIFEST = "manifest.json";
    private static final String CHECKSUM = "manifest.sha256";
    private static final long LARGEST_MANIFEST = 16 << 20;
    private static final int BATCH = 256;

    Path file(String path) {
        return root.resolve(path);
    }

    Path object(ObjectEntry entry) {
        return root.resolve("objects").resolve(entry.path());
    }

    /// Makes the folder a backup, with everything in it on the disk before.
    void finish(Manifest manifest) throws IOException {
        Disk.syncFolders(root);
        Path draft = root.resolve(MANIFEST + ".new");
        Disk.write(draft, manifest.text());
        String hash = FileCopy.read(draft).sha256();
        // As sha256sum writes it.
        Disk.write(root.resolve(CHECKSUM), hash + "  " + MANIFEST + "\n");
        Disk.syncFolder(root);
        Files.move(draft, root.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        Disk.syncFolder(root);
    }

    /// @throws Failure INVALID when it is no complete backup, UNREADABLE when its manifest is damaged,
    ///     UNSUPPORTED when it is newer
    Manifest manifest() throws IOException {
        Path file = root.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    Files.isDirectory(root)
                            ? root + " is no backup, or one that was not finished: it has no " + MANIFEST + "."
                            : "There is no folder " + root + ".");
        }
        Path checksum = root.resolve(CHECKSUM);
        if (Files.size(file) > LARGEST_MANIFEST
                || !Files.isRegularFile(checksum)
                || Files.size(checksum) > 1024
                || !Files.readString(checksum, ISO_8859_1)
                        .startsWith(FileCopy.read(file).sha256())) {
            throw new Failure(
                    Failure.Kind.UNREADABLE,
                    "The manifest of the backup is damaged: %s and %s do not match.".formatted(MANIFEST, CHECKSUM));
        }
        return Manifest.parse(new String(Files.readAllBytes(file), UTF_8));
    }

    /// What is wrong with a file that is no object.
    ///
    /// @return null when nothing is
    @Nullable
    String damage(Manifest.Part part) throws IOException {
        Path file = file(part.path());
        if (!Files.isRegularFile(file)) {
            return part.path() + " is missing";
        }
        FileCopy.Content content = FileCopy.read(file);
        return content.bytes() == part.bytes() && content.sha256().equals(part.sha256())
                ? null
                : part.path() + " is damaged";
    }

    /// Takes objects, a few at a time.
    @FunctionalInterface
    interface Visitor {
        void visit(List<ObjectEntry> few) throws IOException, InterruptedException;
    }

    /// Reads the list of objects.
    ///
    /// @throws Failure INVALID when it is not what the manifest promises
    void visitObjects(Manifest manifest, Visitor visitor) throws IOException, InterruptedException {
        long found = 0;
        List<ObjectEntry> few = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file(OBJECT_LIST)), UTF_8))) {
            for (String line = line(lines); line != null; line = line(lines)) {
                few.add(ObjectEntry.parse(line));
                found++;
                if (few.size() == BATCH) {
                    visitor.visit(List.copyOf(few));
                    few.clear();
                }
            }
        }
        visitor.visit(List.copyOf(few));
        if (found != manifest.objects()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The backup lists %d objects, and its manifest %d.".formatted(found, manifest.objects()));
        }
    }

    private static @Nullable String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
            if (line.length() > ObjectEntry.LONGEST_LINE) {
                throw new Failure(Failure.Kind.INVALID, "A line of the backup's list of objects is too long.");
            }
        }
        return line.isEmpty() ? null : line.toString();
    }
}
