package dev.safelight.cli.bulk;

import dev.safelight.cli.AssetText;
import dev.safelight.cli.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tells what would be uploaded and what not, without asking a server.
public final class DryRun {
    private final FileTypes types = new FileTypes();
    private final Naming naming;
    private final PrintWriter lines;
    private final boolean quiet;
    private final Map<String, Long> found = new TreeMap<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private long files;
    private long bytes;

    /// @param quiet leaves out the line for each file
    public DryRun(Naming naming, PrintWriter lines, boolean quiet) {
        this.naming = naming;
        this.lines = lines;
        this.quiet = quiet;
    }

    /// @return whether all files would be uploaded, as far as can be told here
    public boolean run(Source source) throws IOException, InterruptedException {
        source.visit(new Source.Visitor() {
            @Override
            public void file(Path file, String name, Target listed) {
                look(file, name, listed);
            }

            @Override
            public void unusable(Path file, String reason, String detail) {
                refuse(file, reason, detail);
            }
        });
        lines.flush();
        return refusals.isEmpty();
    }

    private void look(Path file, String name, Target listed) {
        Optional<Target> target = naming.target(name, listed);
        if (target.isEmpty()) {
            refuse(file, Refusal.NAME_MISMATCH);
            return;
        }
        try {
            FileState state = FileState.of(file);
            Optional<String> type = types.of(file);
            if (type.isEmpty()) {
                refuse(file, Refusal.UNSUPPORTED);
            } else if (state.bytes() == 0) {
                refuse(file, Refusal.EMPTY);
            } else {
                files++;
                bytes += state.bytes();
                found.merge(type.get(), 1L, Long::sum);
                print("%s  %s  %s  %s"
                        .formatted(
                                type.get(),
                                AssetText.size(state.bytes()),
                                file,
                                target.get().text())
                        .stripTrailing());
            }
        } catch (IOException unreadable) {
            refuse(file, Refusal.unreadable(unreadable));
        }
    }

    private void refuse(Path file, Refusal refusal) {
        refuse(file, refusal.reason(), refusal.detail());
    }

    private void refuse(Path file, String reason, String detail) {
        refusals.merge(reason, 1L, Long::sum);
        print("not uploaded: %s (%s) %s".formatted(file, reason, detail));
    }

    private void print(String line) {
        if (!quiet) {
            lines.println(Printable.text(line));
        }
    }

    public Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("files", files);
        summary.put("bytes", bytes);
        summary.put("types", found);
        summary.put("refused", refusals);
        return summary;
    }

    public String text() {
        long refused = refusals.values().stream().mapToLong(Long::longValue).sum();
        return "%d files (%s) would be uploaded: %s; %d not%s"
                .formatted(files, AssetText.size(bytes), found, refused, refused == 0 ? "" : ": " + refusals);
    }
}
