import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How requests ended, counted by many threads.
final class LoadTally {
    private int good;
    private int refused;
    private int busy;
    private int unavailable;
    private int errors;
    private int broken;
    private final List<Integer> millis = new ArrayList<>();

    /// @param isPolite whether an answer of 503 says when to come again
    /// @return whether that must not happen
    synchronized boolean answered(int status, boolean isPolite, long took) {
        millis.add((int) took);
        if (status < 400) {
            good++;
        } else if (status == 429) {
            busy++;
        } else if (status < 500) {
            refused++;
        } else if (status == 503 && isPolite) {
            unavailable++;
        } else {
            errors++;
            return true;
        }
        return false;
    }

    synchronized void broke() {
        broken++;
    }

    synchronized void add(LoadTally other) {
        Numbers more = other.numbers();
        good += more.good();
        refused += more.refused();
        busy += more.busy();
        unavailable += more.unavailable();
        errors += more.errors();
        broken += more.broken();
        millis.addAll(other.millis);
    }

    /// @param refused any other 4xx
    /// @param busy 429
    /// @param unavailable 503 with `Retry-After`
    /// @param errors any other 5xx
    /// @param broken without an answer
    record Numbers(int requests, int good, int refused, int busy, int unavailable, int errors, int broken, int p50, int p99) {}

    synchronized Numbers numbers() {
        Collections.sort(millis);
        return new Numbers(millis.size() + broken, good, refused, busy, unavailable, errors, broken, quantile(0.5), quantile(0.99));
    }

    private int quantile(double share) {
        return millis.isEmpty() ? 0 : millis.get((int) (share * (millis.size() - 1)));
    }
}
