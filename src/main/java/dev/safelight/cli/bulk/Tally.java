package dev.safelight.cli.bulk;

import dev.safelight.cli.AssetText;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts of a run.
public final class Tally {
    private final long began = System.nanoTime();
    private long files;
    private long sent;
    private long sentBytes;
    private long known;
    private long failed;

    synchronized void add(Outcome outcome) {
        files++;
        if (outcome.isSent()) {
            sent++;
            sentBytes += outcome.originalBytes();
        }
        if (!outcome.isFine()) {
            failed++;
        } else if (!outcome.isSent()) {
            known++;
        }
    }

    public synchronized boolean isAllFine() {
        return failed == 0;
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /// `files` ended; `sent` of them sent their bytes in this run, `known` were there before, `failed` need a
    /// look.
    public synchronized Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        double seconds = seconds();
        summary.put("files", files);
        summary.put("sent", sent);
        summary.put("known", known);
        summary.put("failed", failed);
        summary.put("bytesSent", sentBytes);
        summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
        summary.put("bytesPerSecond", Math.round(sentBytes / Math.max(seconds, 0.001)));
        return summary;
    }

    /// The same in a line for people.
    public synchronized String text() {
        double seconds = seconds();
        return "%s: %d sent (%s in %.1f s, %s/s), %d there already, %d failed"
                .formatted(
                        files == 1 ? "1 file" : files + " files",
                        sent,
                        AssetText.size(sentBytes),
                        seconds,
                        AssetText.size(Math.round(sentBytes / Math.max(seconds, 0.001))),
                        known,
                        failed);
    }
}
