package dev.safelight.delivery;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.safelight.access.ApiKeys;
import dev.safelight.catalog.Catalog;
import dev.safelight.purge.TagField;
import dev.safelight.render.ForeignPictures;
import dev.safelight.render.Placeholders;
import dev.safelight.render.Renderer;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.transform.TransformSettings;
import dev.safelight.transform.TransformUrls;
import dev.safelight.usage.Traffic;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.ObjectMapper;

/// Puts the delivery in front of the servlets of this process when its roles say so.
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {
    /// Threads of the server itself: they read requests, answer from memory, and never wait. All
    /// else is virtual.
    private static final int SERVER_THREADS = 32;

    /// First segments of paths that belong to others, whatever follows them.
    private static final Set<String> RESERVED = Set.of("v1", "media", "actuator", "error");

    /// @param memoryCache bytes of variants kept in memory outside of the heap, 1 MB to 64 GB
    /// @param memoryCacheLargest bytes of the largest variant that is kept there, at most 64 MB
    /// @param imagesMaxAge how long caches may keep a picture that was made on demand, 0 s to 365 days
    /// @param cacheTags in which header fields answers name the tags by which caches can purge them: some of
    ///     `cache-tag`, `surrogate-key`, `edge-cache-tag` and `cdn-tag`; none by default
    @ConfigurationProperties("safelight.delivery")
    record Settings(
            @DefaultValue("128MB") DataSize memoryCache,
            @DefaultValue("2MB") DataSize memoryCacheLargest,
            @DefaultValue("1d") Duration imagesMaxAge,
            @DefaultValue List<TagField> cacheTags) {
        Settings {
            cacheTags = List.copyOf(cacheTags);
            if (imagesMaxAge.isNegative() || imagesMaxAge.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException(
                        "safelight.delivery.images-max-age must be 0s to 365d, not " + imagesMaxAge);
            }
            if (memoryCache.toMegabytes() < 1 || memoryCache.toGigabytes() > 64) {
                throw new IllegalArgumentException(
                        "safelight.delivery.memory-cache must be 1MB to 64GB, not " + memoryCache);
            }
            if (memoryCacheLargest.toBytes() < 1 || memoryCacheLargest.compareTo(DataSize.ofMegabytes(64)) > 0) {
                throw new IllegalArgumentException(
                        "safelight.delivery.memory-cache-largest must be 1B to 64MB, not " + memoryCacheLargest);
            }
        }

        /// Fails unless the JVM lets the cache have twice its size: see [MediaMemory].
        ///
        /// @param direct bytes the JVM allows outside of its heap
        void requireRoomIn(long direct) {
            if (memoryCache.toBytes() > direct / 2) {
                throw new IllegalArgumentException(
                        ("safelight.delivery.memory-cache must be at most %dMB, half of what this JVM allows outside of"
                                        + " its heap, not %dMB; -Xmx or -XX:MaxDirectMemorySize allow more")
                                .formatted((direct / 2) >> 20, memoryCache.toMegabytes()));
            }
        }
    }

    /// Lets paths through that hold another address, as those of imgproxy do: `//`, `%2F` and `%25` are data in
    /// them. The delivery reads paths undecoded, and the servlets behind it go on refusing such.
    private static void letSourcesPass(Server server) {
        for (Connector connector : server.getConnectors()) {
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null) {
                http.getHttpConfiguration()
                        .setUriCompliance(UriCompliance.DEFAULT.with(
                                "SOURCES",
                                Violation.AMBIGUOUS_EMPTY_SEGMENT,
                                Violation.AMBIGUOUS_PATH_SEPARATOR,
                                Violation.AMBIGUOUS_PATH_ENCODING));
            }
        }
    }

    /// Bytes that the JVM allows for direct buffers.
    private static long directMemory() {
        var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long limit = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
        return limit == 0 ? Runtime.getRuntime().maxMemory() : limit;
    }

    @Bean
    VariantUrls variantUrls(@Value("${safelight.public-url:}") String publicUrl) {
        return VariantUrls.below(publicUrl);
    }

    @Bean
    MediaMemory mediaMemory(Settings settings) {
        return new MediaMemory(
                settings.memoryCache().toBytes(), settings.memoryCacheLargest().toBytes(), System::nanoTime);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> problemsInsteadOfPages(ObjectMapper json) {
        return factory -> factory.addServerCustomizers(server -> server.setErrorHandler(new ProblemErrors(json)));
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    WebServerFactoryCustomizer<JettyServletWebServerFactory> delivery(
            Settings settings,
            MediaMemory memory,
            Catalog catalog,
            @Qualifier("delivery") ObjectStore store,
            ImageHandler.Parts images,
            ApiKeys keys,
            MeterRegistry registry,
            Traffic traffic,
            ObjectMapper json) {
        // Here and not for all: a process that only works needs no room for what it never delivers.
        settings.requireRoomIn(directMemory());
        DeliveryChain chain = new DeliveryChain(
                memory,
                new RequestIndex(),
                new MediaLibrary(catalog::deliverable, store, memory, new CacheTagFields(settings.cacheTags())),
                images,
                new Exchange.Means(keys::authenticate, new DeliveryMetrics(registry, traffic), json));
        return factory -> {
            // Without this, Boot would run the server's own threads as virtual ones, at several times the cost.
            QueuedThreadPool threads = new QueuedThreadPool(SERVER_THREADS, 4);
            threads.setName("server");
            factory.setThreadPool(threads);
            factory.addServerCustomizers(server -> {
                letSourcesPass(server);
                server.setHandler(chain.inFrontOf(server.getHandler()));
            });
        };
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    ImageHandler.Parts imagesOnDemand(
            Settings settings,
            TransformSettings transform,
            Catalog catalog,
            Renderer renderer,
            ForeignPictures foreign,
            Placeholders placeholders,
            InstantSource clock) {
        TransformUrls urls = new TransformUrls(transform, RESERVED);
        PictureFinder pictures = new PictureFinder(catalog, foreign);
        OrderDesk desk = new OrderDesk(
                pictures,
                placeholders,
                new ImageAnswers(settings.imagesMaxAge(), new CacheTagFields(settings.cacheTags()), clock),
                urls.policy(),
                transform.qualities(),
                transform.watermarkAsset());
        return new ImageHandler.Parts(urls, pictures, desk, renderer, clock);
    }
}
