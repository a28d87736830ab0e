package dev.safelight.cli.bulk;

import dev.safelight.cli.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What became of each file, one line of JSON per event, so that a run that was cut off can go on.
///
/// A line counts once its line break is written. Nothing in it is needed for correctness, only to save work: the
/// server knows every upload by its idempotency key. Hence lines go to the disk in batches, and one that makes no
/// sense is passed over. The file is locked while a run uses it.
public final class Journal implements AutoCloseable {
    static final String GRANTED = "GRANTED";
    static final String SENT = "SENT";

    private static final String MARK = "{\"safelightJournal\":1,";
    private static final int FORCE_EACH = 100;

    private final FileChannel lock;
    private final RandomAccessFile lines;
    private final Map<String, Entry> entries = new HashMap<>();
    private String salt = "";
    private int unforced;

    /// A file as the journal saw it last.
    ///
    /// @param target a digest of what it was to become
    record Entry(
            FileState state,
            String target,
            String sha256,
            String status,
            @Nullable String uploadId,
            @Nullable String assetId,
            @Nullable String reason,
            @Nullable String detail) {

        /// Whether nothing is left to be done for the file.
        ///
        /// @param waits until files are READY, and not only until the store has the bytes
        boolean isFinished(boolean waits) {
            return switch (status) {
                case "READY", Outcome.REJECTED -> true;
                case "", GRANTED, Outcome.FAILED -> false;
                default -> !waits;
            };
        }
    }

    private Journal(FileChannel lock, RandomAccessFile lines) {
        this.lock = lock;
        this.lines = lines;
    }

    /// @param again begins anew, with uploads that differ from all before
    /// @throws IllegalArgumentException when the file is no journal, is one of other uploads, or is in use
    public static Journal open(Path file, String server, String space, boolean again) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw notOne(file);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // A file of its own: locks of POSIX end when the process closes any handle of the file, as a reader does.
        FileChannel lock = lock(file);
        RandomAccessFile lines = null;
        try {
            lines = new RandomAccessFile(file.toFile(), "rw");
            Journal journal = new Journal(lock, lines);
            boolean isNew = !journal.load(file, server, space);
            if (isNew || again) {
                lines.close();
                String salt = again ? UUID.randomUUID().toString() : "";
                begin(file, server, space, salt);
                lines = new RandomAccessFile(file.toFile(), "rw");
                journal = new Journal(lock, lines);
                journal.load(file, server, space);
            }
            return journal;
        } catch (IOException | RuntimeException failed) {
            if (lines != null) {
                lines.close();
            }
            lock.close();
            throw failed;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException byThisProcess) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new IllegalArgumentException(
                    "another upload is using the journal %s. Wait for it, or name another one with --journal."
                            .formatted(file));
        }
        return channel;
    }

    /// False when there is nothing in it yet.
    private boolean load(Path file, String server, String space) throws IOException {
        byte[] first = new byte[MARK.length()];
        int length = Math.max(0, lines.read(first));
        if (!MARK.startsWith(new String(first, 0, length, StandardCharsets.UTF_8))) {
            throw notOne(file);
        }
        long end = 0;
        try (LineReader reader = new LineReader(file)) {
            for (String line = reader.next(); line != null; line = reader.next()) {
                if (end == 0) {
                    readHeader(line, file, server, space);
                } else {
                    readEntry(line);
                }
                end = reader.position();
            }
        }
        lines.setLength(end);
        lines.seek(end);
        return end > 0;
    }

    private void readHeader(String line, Path file, String server, String space) {
        JsonNode header;
        try {
            header = Json.LINE.readTree(line);
        } catch (JacksonException broken) {
            throw new IllegalArgumentException(
                    "%s is no journal of uploads; it is left as it is.".formatted(file), broken);
        }
        String before = header.path("server").asString("");
        String beforeSpace = header.path("space").asString("");
        if (!before.equals(server) || !beforeSpace.equals(space)) {
            throw new IllegalArgumentException(
                    "the journal %s belongs to uploads to the space \"%s\" of %s, not to \"%s\" of %s. Name another one with --journal."
                            .formatted(file, beforeSpace, before, space, server));
        }
        salt = header.path("salt").asString("");
    }

    private void readEntry(String line) {
        try {
            JsonNode node = Json.LINE.readTree(line);
            if (node.path("finished").asBoolean(false)) {
                salt = "";
                return;
            }
            entries.put(
                    node.path("file").asString(),
                    new Entry(
                            new FileState(
                                    node.path("bytes").asLong(),
                                    node.path("modified").asLong()),
                            node.path("target").asString(""),
                            node.path("sha256").asString(""),
                            node.path("status").asString(""),
                            Json.textOrNull(node, "uploadId"),
                            Json.textOrNull(node, "assetId"),
                            Json.textOrNull(node, "reason"),
                            Json.textOrNull(node, "detail")));
        } catch (JacksonException broken) {
            // The file is hashed again and the server asked, as if there were no journal.
        }
    }

    /// Whoever stops this at any moment leaves the file as it was, or one that begins as it should.
    private static void begin(Path file, String server, String space, String salt) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("safelightJournal", 1);
        header.put("server", server);
        header.put("space", space);
        header.put("salt", salt);
        Path whole = file.toRealPath();
        Path next = whole.resolveSibling(whole.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line(header));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    private static IllegalArgumentException notOne(Path file) {
        return new IllegalArgumentException("%s is no journal of uploads; it is left as it is.".formatted(file));
    }

    /// What is known of a file, as long as neither it nor its target has changed.
    synchronized Optional<Entry> find(Path file, FileState state, Target target) {
        return Optional.ofNullable(entries.get(name(file)))
                .filter(entry -> entry.state().equals(state) && entry.target().equals(Order.fingerprint(target)));
    }

    /// Uploads of files that a run takes for finished, at most so many.
    synchronized List<String> someFinished(boolean waits, int most) {
        return entries.values().stream()
                .filter(entry -> entry.isFinished(waits) && entry.uploadId() != null)
                .limit(most)
                .map(entry -> String.valueOf(entry.uploadId()))
                .toList();
    }

    synchronized void forget() {
        entries.clear();
    }

    /// Belongs to the idempotency keys of files that are new to this journal.
    String salt() {
        return salt;
    }

    synchronized void write(Order order, JsonNode upload, String status) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", name(order.file()));
        line.put("bytes", order.state().bytes());
        line.put("modified", order.state().modified());
        line.put("target", Order.fingerprint(order.target()));
        line.put("sha256", order.sha256());
        line.put("status", status);
        for (String field : List.of("uploadId", "assetId", "reason", "detail")) {
            String value = Json.textOrNull(upload, field);
            if (value != null) {
                line.put(field, value);
            }
        }
        write(line);
        if (++unforced >= FORCE_EACH) {
            lines.getFD().sync();
            unforced = 0;
        }
    }

    /// Notes that nothing is left to go on with: files that are new from now on are known by the usual keys.
    synchronized void finish() throws IOException {
        if (!salt.isEmpty()) {
            write(Map.of("finished", true));
        }
    }

    private void write(Map<String, Object> line) throws IOException {
        // Not through a channel, which would be closed when a thread that writes is interrupted.
        lines.write(line(line));
    }

    private static byte[] line(Map<String, Object> fields) {
        return (Json.LINE.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String name(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock.isOpen()) {
            lines.getFD().sync();
            lines.close();
            lock.close();
        }
    }
}
