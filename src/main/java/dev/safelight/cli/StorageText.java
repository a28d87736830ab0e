package dev.safelight.cli;

import dev.safelight.storage.StorageReport;
import dev.safelight.storage.StorageReport.Finding;
import dev.safelight.storage.StorageReport.OfBucket;
import dev.safelight.storage.StorageReport.State;
import dev.safelight.store.BucketSetup.Presence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How reports on the store look on a terminal and as JSON.
final class StorageText {
    private static final int WIDTH = 160;

    private StorageText() {}

    /// What would change, and nothing else.
    static List<String> plan(StorageReport report) {
        if (!report.differs()) {
            return List.of("Nothing to do: all buckets are as declared, as far as the store can.");
        }
        List<String> lines = new ArrayList<>();
        for (OfBucket bucket : report.buckets()) {
            if (bucket.differs()) {
                lines.add(heading(bucket) + (bucket.presence() == Presence.MISSING ? ": will be created" : ""));
                bucket.findings().stream()
                        .filter(finding -> finding.state() == State.DRIFT)
                        .forEach(finding -> difference(lines, finding));
            }
        }
        return lines;
    }

    /// What came of it.
    static List<String> outcome(StorageReport report) {
        List<String> lines = new ArrayList<>();
        for (OfBucket bucket : report.buckets()) {
            for (Finding finding : bucket.findings()) {
                if (finding.state() == State.REFUSED || finding.state() == State.UNSUPPORTED) {
                    lines.add("%s: %s %s: %s"
                            .formatted(
                                    bucket.name(),
                                    finding.aspect().text(),
                                    finding.state().text(),
                                    finding.note()));
                }
            }
        }
        lines.add(
                report.wasRefused()
                        ? "Applied, but for what the store did not take."
                        : "Applied: all buckets are as declared, as far as the store can.");
        return lines;
    }

    /// Everything that was looked at.
    static List<String> check(StorageReport report) {
        List<String> lines = new ArrayList<>();
        for (OfBucket bucket : report.buckets()) {
            lines.add(heading(bucket) + (bucket.presence() == Presence.MISSING ? ": there is no such bucket" : ""));
            if (bucket.presence() != Presence.THERE) {
                continue;
            }
            for (Finding finding : bucket.findings()) {
                if (finding.state() == State.DRIFT) {
                    difference(lines, finding);
                } else {
                    lines.add("  %-14s %s"
                            .formatted(finding.aspect().text(), finding.state().text()));
                    if (finding.state() == State.UNSUPPORTED) {
                        finding.add().forEach(line -> lines.add("    wanted: " + Printable.text(line)));
                    }
                }
                if (finding.note() != null) {
                    lines.add("    " + finding.note());
                }
            }
        }
        lines.add(report.differs() ? "Something differs; see safelight storage apply." : "Nothing differs.");
        return lines;
    }

    private static String heading(OfBucket bucket) {
        return bucket.name().equals(bucket.bucket().text())
                ? bucket.name()
                : "%s (%s)".formatted(bucket.name(), bucket.bucket().text());
    }

    private static void difference(List<String> lines, Finding finding) {
        lines.add("  %-14s differs".formatted(finding.aspect().text()));
        finding.remove().forEach(line -> lines.add("    - " + shortened(line)));
        finding.add().forEach(line -> lines.add("    + " + shortened(line)));
    }

    /// Statements of policies are long; --json shows them whole.
    private static String shortened(String line) {
        String text = Printable.text(line);
        int name = text.lastIndexOf("\"Sid\":");
        String shown = name < 0 ? text : text.substring(name + 6).replaceAll("[\"}]", "") + " " + text;
        return shown.length() <= WIDTH ? shown : shown.substring(0, WIDTH) + "…";
    }

    static Map<String, Object> json(StorageReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("differs", report.differs() || report.wasRefused());
        json.put("buckets", report.buckets().stream().map(StorageText::json).toList());
        return json;
    }

    private static Map<String, Object> json(OfBucket bucket) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bucket", bucket.bucket().text());
        json.put("name", bucket.name());
        json.put("presence", bucket.presence().name().toLowerCase(Locale.ROOT));
        json.put("aspects", bucket.findings().stream().map(StorageText::json).toList());
        return json;
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("aspect", finding.aspect().text());
        json.put("state", finding.state().text());
        json.put("remove", finding.remove());
        json.put("add", finding.add());
        json.put("note", finding.note());
        return json;
    }
}
