package dev.safelight.cli.bulk;

import dev.safelight.asset.MediaType;
import dev.safelight.sniff.ContentSniffer;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private @Nullable ContentSniffer sniffer;

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

    Prepared prepare(Found found) {
        Path file = found.file();
        Optional<Target> target = naming.target(found.name(), found.target());
        if (target.isEmpty()) {
            return end(file, Outcome.SKIPPED, "name-mismatch", "the name does not match the pattern.");
        }
        try {
            FileState state = FileState.of(file);
            Optional<Journal.Entry> before =
                    journal == null ? Optional.empty() : journal.find(file, state, target.get());
            if (before.isPresent() && before.get().isFinished(waits)) {
                return new Prepared.Ended(outcome(file, before.get()));
            }
            Optional<String> type = typeOf(file);
            if (type.isEmpty()) {
                return end(
                        file,
                        Outcome.REJECTED,
                        "unsupported",
                        "neither the name nor the content is of a type known here.");
            }
            byte[] content = state.bytes() <= KEPT ? Files.readAllBytes(file) : null;
            String sha256 = before.isPresent() && content == null
                    ? before.get().sha256()
                    : content == null ? Sha256.of(file) : Sha256.of(content);
            if (!state.isStillOf(file)) {
                return end(file, Outcome.FAILED, "changed", "the file changed while it was read.");
            }
            String salt = journal == null ? "" : journal.salt();
            return new Prepared.Ordered(
                    new Order(found.number(), file, state, type.get(), sha256, content, target.get(), space, salt));
        } catch (UncheckedIOException unreadable) {
            return end(file, Outcome.FAILED, "unreadable", "cannot be read: " + unreadable.getCause());
        } catch (IOException unreadable) {
            return end(file, Outcome.FAILED, "unreadable", "cannot be read: " + ReadFailure.text(unreadable));
        }
    }

    private static Prepared end(Path file, String status, String reason, String detail) {
        return new Prepared.Ended(Outcome.unusable(file, status, reason, detail));
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

    /// By the name, else by the content; empty when neither is of a type that any server takes.
    Optional<String> typeOf(Path file) throws IOException {
        Optional<MediaType> byName = MediaType.ofFileName(String.valueOf(file.getFileName()));
        return byName.or(() -> MediaType.parse(sniff(file))).map(MediaType::text);
    }

    private String sniff(Path file) {
        try {
            return sniffer().sniff(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    // Its table takes a while to load, and is hardly ever needed.
    private synchronized ContentSniffer sniffer() {
        ContentSniffer known = sniffer;
        if (known == null) {
            known = new ContentSniffer();
            sniffer = known;
        }
        return known;
    }
}
