package dev.safelight.cli.bulk;

import dev.safelight.cli.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes outcomes as lines for people: all as they come, or in the end those that need a look.
public final class TextOutcomes implements OutcomeWriter {
    private static final int FEW = 50;
    private static final int MOST = 1000;

    private final PrintWriter out;
    private final boolean atEnd;
    private final List<Outcome> kept = new ArrayList<>();
    private boolean areFew = true;
    private long left;

    /// @param atEnd holds the lines back while a progress bar is shown; of many files those that failed are kept
    public TextOutcomes(PrintWriter out, boolean atEnd) {
        this.out = out;
        this.atEnd = atEnd;
    }

    @Override
    public void told(Outcome outcome) {
        if (!atEnd) {
            out.println(line(outcome));
            out.flush();
            return;
        }
        kept.add(outcome);
        if (areFew && kept.size() > FEW) {
            areFew = false;
        }
        if (!areFew) {
            kept.removeIf(Outcome::isFine);
        }
        if (kept.size() > MOST) {
            kept.removeLast();
            left++;
        }
    }

    @Override
    public void end(Map<String, Object> summary) {
        kept.forEach(outcome -> out.println(line(outcome)));
        if (left > 0) {
            out.printf("… and %d more that failed; --report FILE lists all.%n", left);
        }
        out.flush();
    }

    static String line(Outcome outcome) {
        String id = outcome.assetId() == null ? "-" : outcome.assetId();
        String why = outcome.reason() == null ? "" : " (%s) %s".formatted(outcome.reason(), outcome.detail());
        return Printable.text("%s  %s  %s%s".formatted(id, outcome.status(), outcome.file(), why));
    }
}
