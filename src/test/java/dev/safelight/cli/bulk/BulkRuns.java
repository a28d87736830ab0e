package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs against a [BulkServer], and what was told of the last one.
final class BulkRuns {
    final List<Outcome> told = new ArrayList<>();
    final AtomicLong progress = new AtomicLong();
    private final BulkServer server;

    BulkRuns(BulkServer server) {
        this.server = server;
    }

    /// Makes a file of a content that follows from its name.
    static Path write(Path file, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(String.valueOf(file.getFileName()).hashCode()).nextBytes(content);
        return Files.write(file, content);
    }

    Tally upload(Naming naming, @Nullable Journal journal, Path... files) throws IOException, InterruptedException {
        return upload(true, naming, journal, files);
    }

    Tally upload(boolean waits, Naming naming, @Nullable Journal journal, Path... files)
            throws IOException, InterruptedException {
        List<String> names = Arrays.stream(files).map(Path::toString).toList();
        return upload(waits, naming, journal, new NamedFiles(names, FileFilter.ALL));
    }

    Tally upload(boolean waits, Naming naming, @Nullable Journal journal, Source source)
            throws IOException, InterruptedException {
        told.clear();
        progress.set(0);
        Listener listener = new Listener() {
            @Override
            public void progressed(long bytes) {
                progress.addAndGet(bytes);
            }

            @Override
            public void told(Outcome outcome) {
                told.add(outcome);
            }
        };
        try (ApiClient api = new ApiClient(server.url(), "key", 3)) {
            var settings = new BulkUpload.Settings("product", 3, 3, Duration.ZERO, waits, naming);
            return new BulkUpload(api, settings, journal, listener).run(source);
        }
    }

    Tally upload(Path... files) throws IOException, InterruptedException {
        return upload(Naming.NONE, null, files);
    }
}
