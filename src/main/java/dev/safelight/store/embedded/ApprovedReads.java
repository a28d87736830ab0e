package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Failure;
import dev.safelight.store.StatusTag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/// Which objects may be read by those who read only what is approved.
///
/// Objects of before there were tags are read without any until they get theirs. From when on there are tags is
/// written down at the first start; an object that is newer and has none was not stored by those who decide, and is
/// not read.
///
/// @param since when objects began to be stored with tags
record ApprovedReads(Instant since) {
    private static final String FILE = "tags-since";

    /// @param store the folder of the whole store, before its objects have theirs if it is a new one
    static ApprovedReads open(Path store, InstantSource clock) throws IOException {
        Path file = store.resolve(FILE);
        if (!Files.exists(file)) {
            boolean isNew = !Files.exists(store.resolve("objects"));
            save(isNew ? Instant.EPOCH : clock.instant(), file);
        }
        try {
            return new ApprovedReads(Instant.parse(Files.readString(file).strip()));
        } catch (DateTimeParseException e) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The file " + file + " must hold the time from which on objects have tags, such as"
                            + " 2026-11-28T00:00:00Z.",
                    e);
        }
    }

    /// Written beside and renamed, so that a crash leaves none or a whole one.
    private static void save(Instant since, Path file) throws IOException {
        Path draft = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(draft);
        try (var channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = UTF_8.encode(since + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        Folders.sync(file.resolveSibling(""));
    }

    /// @return true also where there is no object, so that whoever asks learns just that
    boolean allow(Path object) throws IOException {
        try {
            TagSet tags = FileTags.read(object);
            return tags.tags().containsKey(StatusTag.NAME)
                    ? StatusTag.isApproved(tags.tags())
                    : Files.getLastModifiedTime(object).toInstant().isBefore(since);
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
