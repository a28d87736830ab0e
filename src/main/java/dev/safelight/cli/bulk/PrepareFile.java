package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes an order of a file: what type it is, what it is to become, and the digest of its bytes.
final class PrepareFile {
    /// Of files up to this size the bytes are kept until they are sent, so that they are read once.
    private static final int KEPT = 1 << 16;

    private final Naming naming;
    private final String space;
    private final boolean waits;
    private final @Nullable Journal journal;
    private final FileTypes types = new FileTypes();

    PrepareFile(Naming naming, String space, boolean waits, @Nullable Journal journal) {
        this.naming = naming;
        this.space = space;
        this.waits = waits;
        this.journal = journal;
    }

    /// A file on its way through the stages.
    ///
    /// @param name the path below what was asked for
    record Found(long number, Path file, String name, Target target) {}

    /// An order, or an end that needs none.
    sealed interface Prepared {
        record Ordered(Order order) implements Prepared {}

        record Ended(Outcome outcome) implements Prepared {}
    }

    Prepared prepare(Found found) throws InterruptedException {
        Optional<Target> target = naming.target(found.name(), found.target());
        if (target.isEmpty()) {
            return refused(found, Refusal.NAME_MISMATCH);
        }
        try {
            return read(found, target.get());
        } catch (IOException unreadable) {
            // Reading that is interrupted fails like that of a bad file.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return refused(found, Refusal.unreadable(unreadable));
        }
    }

    private Prepared read(Found found, Target target) throws IOException {
        Path file = found.file();
        FileState state = FileState.of(file);
        Optional<Journal.Entry> before = journal == null ? Optional.empty() : journal.find(file, state, target);
        if (before.isPresent() && before.get().isFinished(waits)) {
            return new Prepared.Ended(outcome(file, before.get()));
        }
        Optional<String> type = types.of(file);
        if (type.isEmpty()) {
            return refused(found, Refusal.UNSUPPORTED);
        }
        byte[] content = state.bytes() <= KEPT ? Files.readAllBytes(file) : null;
        String sha256 = before.isPresent() && content == null
                ? before.get().sha256()
                : content == null ? Sha256.of(file) : Sha256.of(content);
        if (!state.isStillOf(file)) {
            return refused(found, Refusal.CHANGED);
        }
        String salt = journal == null ? "" : journal.salt();
        return new Prepared.Ordered(
                new Order(found.number(), file, state, type.get(), sha256, content, target, space, salt));
    }

    private static Prepared refused(Found found, Refusal refusal) {
        return new Prepared.Ended(refusal.of(found.file()));
    }

    private static Outcome outcome(Path file, Journal.Entry entry) {
        return new Outcome(
                file.toString(),
                entry.assetId(),
                entry.uploadId(),
                entry.status(),
                entry.reason(),
                entry.detail(),
                entry.state().bytes(),
                false);
    }
}
