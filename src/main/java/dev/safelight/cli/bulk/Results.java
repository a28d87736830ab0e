package dev.safelight.cli.bulk;

import java.io.IOException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Takes the ends of files from all threads: notes them in the journal, counts them, and tells them in order.
///
/// The order is that in which the files were found, as long as no more than a bounded number has to be held back.
final class Results {
    private static final int MOST_HELD = 1000;

    private final @Nullable Journal journal;
    private final Listener listener;
    private final Tally tally;
    private final TreeMap<Long, Outcome> held = new TreeMap<>();
    private long next;
    private boolean hasUnfinished;

    Results(@Nullable Journal journal, Listener listener, Tally tally) {
        this.journal = journal;
        this.listener = listener;
        this.tally = tally;
    }

    /// A file that got so far that the server knows it.
    void ended(Order order, JsonNode upload, boolean isSent) throws IOException {
        Outcome outcome = Outcome.of(order, upload, isSent);
        // What failed is worth another try; what was rejected stays so.
        if (journal != null && !outcome.status().equals(Outcome.FAILED)) {
            journal.write(order, upload, outcome.status());
        }
        tell(order.number(), outcome);
    }

    /// A file that the store has, and whose further fate nobody waits for.
    void acknowledged(Order order, JsonNode upload) throws IOException {
        sent(order, upload);
        tell(order.number(), Outcome.of(order, upload, true).withStatus(Journal.SENT));
    }

    /// A file whose end the server did not tell.
    synchronized void ended(long number, Outcome outcome) {
        // What could not be read has no bytes here, and no upload that another run could go on with.
        hasUnfinished |= outcome.status().equals(Outcome.FAILED) && outcome.originalBytes() > 0;
        tell(number, outcome);
    }

    /// Whether another run may bring a file to its end with the upload that it has now.
    synchronized boolean hasUnfinished() {
        return hasUnfinished;
    }

    private synchronized void tell(long number, Outcome outcome) {
        tally.add(outcome);
        listener.ended(outcome);
        if (number < next) {
            // Those behind it could not be held back any longer.
            listener.told(outcome);
            return;
        }
        held.put(number, outcome);
        if (held.size() > MOST_HELD) {
            next = held.firstKey();
        }
        for (Outcome first = held.remove(next); first != null; first = held.remove(next)) {
            listener.told(first);
            next++;
        }
    }

    void granted(Order order, JsonNode upload) throws IOException {
        if (journal != null) {
            journal.write(order, upload, Journal.GRANTED);
        }
    }

    void sent(Order order, JsonNode upload) throws IOException {
        if (journal != null) {
            journal.write(order, upload, Journal.SENT);
        }
    }

    void progressed(long bytes) {
        listener.progressed(bytes);
    }

    /// Tells what was held back for a file that did not end.
    synchronized void flush() {
        held.values().forEach(listener::told);
        held.clear();
    }
}
