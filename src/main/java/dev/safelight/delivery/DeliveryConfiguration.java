package dev.safelight.delivery;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.safelight.access.ApiKeys;
import dev.safelight.catalog.Catalog;
import dev.safelight.front.ServerLayer;
import dev.safelight.render.DiskCache;
import dev.safelight.render.ForeignPictures;
import dev.safelight.render.Placeholders;
import dev.safelight.render.Renderer;
import dev.safelight.role.OnRole;
import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontVerifier;
import dev.safelight.signing.SigningSettings;
import dev.safelight.store.DirectDownload;
import dev.safelight.store.ObjectStore;
import dev.safelight.transform.TransformSettings;
import dev.safelight.transform.TransformUrls;
import dev.safelight.usage.Traffic;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/// Puts the delivery in front of the servlets of this process when its roles say so.
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {
    /// Threads of the server itself: they read requests, answer from memory, and never wait. All
    /// else is virtual.
    private static final int SERVER_THREADS = 32;

    private static final int MAX_VARIANTS = 500_000;

    /// First segments of paths that belong to others, whatever follows them.
    private static final Set<String> RESERVED = Set.of("v1", "media", "actuator", "error");

    /// Lets paths through that hold another address, as those of imgproxy do: `//`, `%2F` and `%25` are data
    /// in them. The delivery reads paths undecoded, and the servlets behind it go on refusing such.
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
    AccessTokens accessTokens(SigningSettings settings) {
        return settings.tokens();
    }

    @Bean
    UrlSigner urlSigner(
            DeliverySettings settings,
            SigningSettings signing,
            AccessTokens tokens,
            Roles roles,
            @Value("${safelight.public-url:}") String publicUrl) {
        UrlSigner signer = new UrlSigner(
                VariantUrls.base(publicUrl),
                settings.access(),
                tokens,
                signing.cloudFrontSigner(publicUrl).orElse(null));
        if (roles.has(ServerRole.API)) {
            settings.requireKeys(
                    signer.canSign(), "safelight.signing.keys or safelight.signing.cloudfront.private-key");
        }
        return signer;
    }

    @Bean
    VariantUrls variantUrls(UrlSigner signer, SigningSettings signing, InstantSource clock) {
        return new VariantUrls(signer, signing.lifetime(), clock);
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    AccessGate accessGate(
            DeliverySettings settings,
            SigningSettings signing,
            AccessTokens tokens,
            InstantSource clock,
            @Value("${safelight.public-url:}") String publicUrl) {
        CloudFrontVerifier cloudFront = signing.cloudFrontVerifier(publicUrl);
        settings.requireKeys(
                !tokens.isEmpty() || !cloudFront.isEmpty(),
                "safelight.signing.keys or safelight.signing.cloudfront.public-keys");
        return new AccessGate(settings.access(), tokens, cloudFront, Set.copyOf(settings.cookieOrigins()), clock);
    }

    @Bean
    MediaMemory mediaMemory(DeliverySettings settings) {
        return new MediaMemory(
                settings.memoryCache().toBytes(), settings.memoryCacheLargest().toBytes(), System::nanoTime);
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    WebServerFactoryCustomizer<JettyServletWebServerFactory> delivery(
            DeliverySettings settings,
            MediaMemory memory,
            Catalog catalog,
            @Qualifier("delivery") ObjectStore store,
            ObjectProvider<DiskTier> disk,
            DirectDownload downloads,
            ImageHandler.Parts images,
            ApiKeys keys,
            AccessGate gate,
            MeterRegistry registry,
            Traffic traffic,
            ObjectMapper json) {
        // Here and not for all: a process that only works needs no room for what it never delivers.
        settings.requireRoomIn(directMemory());
        DeliveryMetrics metrics = new DeliveryMetrics(registry, traffic);
        DeliveryChain chain = new DeliveryChain(
                memory,
                new RequestIndex(),
                new MediaLibrary(
                        catalog::deliverable,
                        store,
                        memory,
                        new MediaLibrary.Terms(settings.access(), new CacheTagFields(settings.cacheTags())),
                        metrics,
                        disk.getIfAvailable()),
                settings.redirect() ? new Redirects(downloads, settings.redirectLifetime(), gate.clock()) : null,
                images,
                new Exchange.Means(keys::authenticate, gate, metrics, json));
        return new ServerLayer(ServerLayer.DELIVERY, server -> {
            letSourcesPass(server);
            server.setHandler(chain.inFrontOf(server.getHandler()));
        });
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    @ConditionalOnExpression("!'embedded'.equals('${safelight.s3.endpoint:embedded}')")
    @Nullable
    DiskTier diskTier(DeliverySettings settings, @Value("${safelight.render.folder}") Path folder) {
        return settings.diskCache().toBytes() == 0
                ? null
                : new DiskTier(
                        DiskCache.open(
                                folder.resolve("variants"), settings.diskCache().toBytes(), MAX_VARIANTS),
                        settings.diskCacheLargest().toBytes());
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    WebServerFactoryCustomizer<JettyServletWebServerFactory> serverThreads() {
        return factory -> {
            int cores = Runtime.getRuntime().availableProcessors();
            // Without this, Boot would run the server's own threads as virtual ones, at several times the cost.
            QueuedThreadPool threads = new QueuedThreadPool(SERVER_THREADS + 2 * cores, 4);
            threads.setName("server");
            factory.setThreadPool(threads);
            factory.setSelectors(cores);
        };
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    ImageHandler.Parts imagesOnDemand(
            DeliverySettings settings,
            TransformSettings transform,
            Catalog catalog,
            Renderer renderer,
            ForeignPictures foreign,
            Placeholders placeholders,
            AccessGate gate,
            InstantSource clock) {
        TransformUrls urls = new TransformUrls(transform, RESERVED);
        PictureFinder pictures = new PictureFinder(catalog, foreign, settings.access());
        OrderDesk desk = new OrderDesk(
                pictures,
                placeholders,
                new ImageAnswers(
                        settings.imagesMaxAge(),
                        settings.imagesStale(),
                        gate.takesCookies(),
                        new CacheTagFields(settings.cacheTags()),
                        clock),
                urls.policy(),
                transform.qualities(),
                transform.watermarkAsset());
        return new ImageHandler.Parts(urls, pictures, desk, renderer, clock);
    }
}
