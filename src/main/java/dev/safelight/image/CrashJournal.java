package dev.safelight.image;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Remembers across crashes of the process which picture was being worked on, so that none takes it down
/// for ever.
///
/// A file mapped into memory: the kernel keeps what was written to it when the process dies; a power
/// failure, which says nothing about a picture, may lose it. Before native code sees a picture, its key
/// is noted in a slot, which is cleared afterwards. Slots that are found at the next start are moved to
/// a table of crashes. A process that is killed from outside leaves such slots, too, which is why one
/// crash is none.
public final class CrashJournal {
    private static final long MAGIC = 0x53_4c_43_4a_00_00_00_01L;
    private static final int SLOTS = 256;
    private static final int CRASHES = 256;
    private static final int RECORD = 3 * Long.BYTES;
    private static final int FIRST_CRASH = 1 + SLOTS;
    private static final long SIZE = (long) (1 + SLOTS + CRASHES) * RECORD;

    private static final int REFUSED_FROM = 3;
    private static final Duration MEMORY = Duration.ofHours(24);

    private final @Nullable MemorySegment file;
    private final InstantSource clock;
    private final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();
    private final Map<Key, long[]> crashes;

    /// Half of a SHA-256; never all zero in practice.
    private record Key(long high, long low) {}

    private CrashJournal(@Nullable MemorySegment file, InstantSource clock, Map<Key, long[]> crashes) {
        this.file = file;
        this.clock = clock;
        this.crashes = Map.copyOf(crashes);
        for (int i = 1; file != null && i <= SLOTS; i++) {
            free.add(i);
        }
    }

    /// One that remembers nothing.
    public static CrashJournal none() {
        return new CrashJournal(null, InstantSource.system(), Map.of());
    }

    /// Opens the journal of a process that may have crashed; made when absent, made anew when it is
    /// something else.
    ///
    /// @param path used by one process at a time
    public static CrashJournal open(Path path, InstantSource clock) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean known = channel.size() == SIZE;
            if (!known) {
                channel.truncate(0);
            }
            MemorySegment file = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, Arena.ofAuto());
            if (!known || file.get(JAVA_LONG, 0) != MAGIC) {
                file.fill((byte) 0);
                file.set(JAVA_LONG, 0, MAGIC);
            }
            for (int slot = 1; slot <= SLOTS; slot++) {
                settle(file, slot);
            }
            return new CrashJournal(file, clock, crashes(file));
        }
    }

    /// Moves what a slot holds into the table, over its oldest entry; a crash in between counts it
    /// twice at worst.
    private static void settle(MemorySegment file, int slot) {
        long time = time(file, slot);
        if (time == 0) {
            return;
        }
        int oldest = FIRST_CRASH;
        for (int i = FIRST_CRASH; i < FIRST_CRASH + CRASHES; i++) {
            oldest = time(file, i) < time(file, oldest) ? i : oldest;
        }
        write(file, oldest, key(file, slot), time);
        clear(file, slot);
    }

    private static Map<Key, long[]> crashes(MemorySegment file) {
        Map<Key, long[]> found = new HashMap<>();
        for (int i = FIRST_CRASH; i < FIRST_CRASH + CRASHES; i++) {
            if (time(file, i) != 0) {
                long time = time(file, i);
                found.merge(key(file, i), new long[] {time}, CrashJournal::joined);
            }
        }
        return found;
    }

    private static long[] joined(long[] some, long[] others) {
        return LongStream.concat(Arrays.stream(some), Arrays.stream(others)).toArray();
    }

    /// Runs work on outside bytes, noted under a name for them while it lasts.
    <T> T during(String name, Callable<T> work) throws Exception {
        Integer slot = file == null ? null : free.poll();
        if (file == null || slot == null) {
            return work.call();
        }
        write(file, slot, key(name), clock.millis());
        try {
            return work.call();
        } finally {
            clear(file, slot);
            free.add(slot);
        }
    }

    /// @throws Failure unsupported, when what goes by this name has ended the process repeatedly of late
    void check(String name) {
        check(name, "This picture");
    }

    /// @param what the caller knows it as
    void check(String name, String what) {
        if (crashes.isEmpty()) {
            return;
        }
        long since = clock.millis() - MEMORY.toMillis();
        long[] times = crashes.getOrDefault(key(name), new long[0]);
        if (Arrays.stream(times).filter(time -> time > since).count() >= REFUSED_FROM) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED,
                    what + " has crashed the renderer more than twice; it is not processed for a day.");
        }
    }

    private static Key key(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.wrap(hash);
            return new Key(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Key key(MemorySegment file, int record) {
        long at = (long) record * RECORD;
        return new Key(file.get(JAVA_LONG, at), file.get(JAVA_LONG, at + Long.BYTES));
    }

    private static long time(MemorySegment file, int record) {
        return file.get(JAVA_LONG, (long) record * RECORD + 2L * Long.BYTES);
    }

    /// The time goes last: it says that the record is complete.
    private static void write(MemorySegment file, int record, Key key, long time) {
        long at = (long) record * RECORD;
        file.set(JAVA_LONG, at, key.high);
        file.set(JAVA_LONG, at + Long.BYTES, key.low);
        VarHandle.releaseFence();
        file.set(JAVA_LONG, at + 2L * Long.BYTES, Math.max(1, time));
        // The work must not begin before the note is made.
        VarHandle.fullFence();
    }

    private static void clear(MemorySegment file, int record) {
        VarHandle.releaseFence();
        file.set(JAVA_LONG, (long) record * RECORD + 2L * Long.BYTES, 0);
    }
}
