package dev.safelight.catalog;

import dev.safelight.asset.Failure;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// Holds back the answer to whoever withdrew something, until no process can deliver it any more.
///
/// Deliveries believe what the catalogue said for [#BELIEF]. They are told of changes and mostly know at
/// once, but a message may be lost; time is not. So the answer to a refusal or a deletion comes when the
/// belief of everybody has run out, and what it says holds everywhere. A process with the database in it is
/// the only one that asks, and forgets with the commit: nobody waits there.
@Component
public final class Settlement {
    /// How long a process may go by what the catalogue said of an asset.
    public static final Duration BELIEF = Duration.ofSeconds(1);

    /// Clocks of two machines may run at different speeds, by far less than this.
    private static final Duration MARGIN = Duration.ofMillis(20);

    private final boolean alone;

    Settlement(@Value("${spring.datasource.url:embedded}") String database) {
        this.alone = database.equals("embedded");
    }

    /// Returns when what was committed before holds on every process. Holds no connection meanwhile: call it
    /// outside of transactions.
    public void await() {
        if (alone) {
            return;
        }
        try {
            Thread.sleep(BELIEF.plus(MARGIN));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The change is made, but may take a second to hold everywhere: this server is being stopped.",
                    stopping);
        }
    }
}
