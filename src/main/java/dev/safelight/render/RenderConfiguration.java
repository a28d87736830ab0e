package dev.safelight.render;

import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageProfile;
import dev.safelight.render.remote.RemotePictures;
import dev.safelight.render.remote.RemoteSettings;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Puts the renderer together in a process that delivers.
@Configuration(proxyBeanMethods = false)
@OnRole(ServerRole.DELIVERY)
class RenderConfiguration {
    /// Small results are the rule, so that these bounds follow from those on bytes.
    private static final int MAX_RESULTS = 500_000;

    private static final int MAX_SOURCES = 100_000;

    @Bean
    @Qualifier("results")
    DiskCache renderResults(RenderSettings settings) {
        return DiskCache.open(
                settings.folder().resolve("results"), settings.results().toBytes(), MAX_RESULTS);
    }

    @Bean
    @Qualifier("sources")
    DiskCache renderSources(RenderSettings settings) {
        return DiskCache.open(
                settings.folder().resolve("sources"), settings.sources().toBytes(), MAX_SOURCES);
    }

    @Bean
    ForeignPictures foreignPictures(
            RenderSettings settings,
            RemoteSettings remoteSettings,
            RemotePictures remote,
            ImageEngine engine,
            @Qualifier("sources") DiskCache sources,
            InstantSource clock)
            throws IOException {
        Path incoming = Files.createDirectories(settings.folder().resolve("incoming"));
        // What a kill left on its way.
        try (Stream<Path> files = Files.list(incoming)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        return new ForeignPictures(remote, engine, sources, incoming, remoteSettings.stale(), clock);
    }

    @Bean
    Placeholders placeholders(@Qualifier("sources") DiskCache sources) {
        return new Placeholders(sources);
    }

    @Bean
    Renderer renderer(
            RenderSettings settings,
            ImageEngine engine,
            ImageProfile profile,
            @Qualifier("renderer") ObjectStore store,
            @Qualifier("results") ObjectProvider<ObjectStore> kept,
            @Qualifier("results") DiskCache results,
            @Qualifier("sources") DiskCache sources,
            MeterRegistry registry) {
        Admission admission = new Admission(
                Runtime.getRuntime().availableProcessors(),
                settings.queue(),
                settings.queuePixels(),
                settings.patience());
        return new Renderer(
                engine,
                results,
                new SourceFiles(store, sources),
                new KeptResults(store, kept.getIfAvailable(() -> store), settings.keep()),
                new StoredVariants(profile.variants()),
                admission,
                new RenderMetrics(registry, admission, results, sources));
    }
}
