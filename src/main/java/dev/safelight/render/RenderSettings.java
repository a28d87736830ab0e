package dev.safelight.render;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How results are kept and how many pictures may wait, under `safelight.render`.
///
/// @param folder of the caches on disk, for this process alone
/// @param results bytes of finished pictures on disk, at least 1 MB
/// @param sources bytes of fetched sources on disk, at least 1 MB; one source must fit
/// @param keep which results are also written to the bucket, for all processes and across new machines
/// @param queue requests that may wait for a native thread, 1 to 10000
/// @param queuePixels of the sources of all requests that run or wait, at least a million
/// @param patience how long a request waits before it is told to come again, 1 s to 5 min
@ConfigurationProperties("safelight.render")
record RenderSettings(
        Path folder,
        @DefaultValue("1GB") DataSize results,
        @DefaultValue("1GB") DataSize sources,
        @DefaultValue("none") Keep keep,
        @DefaultValue("128") int queue,
        @DefaultValue("2000000000") long queuePixels,
        @DefaultValue("15s") Duration patience) {

    /// Which results are written to the bucket.
    enum Keep {
        NONE,
        /// Those that were asked for by presets alone.
        PRESETS,
        ALL
    }

    RenderSettings {
        require(results.toMegabytes() >= 1, "results", "at least 1MB", results);
        require(sources.toMegabytes() >= 1, "sources", "at least 1MB", sources);
        require(queue >= 1 && queue <= 10_000, "queue", "1 to 10000", queue);
        require(queuePixels >= 1_000_000, "queue-pixels", "at least 1000000", queuePixels);
        require(
                patience.toMillis() >= 1000 && patience.toMinutes() <= 5 && patience.toSeconds() <= 300,
                "patience",
                "1s to 5m",
                patience);
    }

    private static void require(boolean holds, String key, String allowed, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("safelight.render.%s must be %s, not %s".formatted(key, allowed, value));
        }
    }
}
