package dev.safelight.delivery;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.safelight.access.ApiKeys;
import dev.safelight.catalog.Catalog;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
    /// @param access what a read needs in each space: `public`, `signed` or `private`
    /// @param cookieOrigins of pages on other hosts whose scripts may read what cookies give them access to
    /// @param redirect whether clients are sent to the store for stored variants that are not in memory
    /// @param redirectLifetime how long such an address holds, 5 s to 5 minutes
    @ConfigurationProperties("safelight.delivery")
    record Settings(
            @DefaultValue("128MB") DataSize memoryCache,
            @DefaultValue("2MB") DataSize memoryCacheLargest,
            @DefaultValue("1d") Duration imagesMaxAge,
            @DefaultValue AccessBySpace access,
            @DefaultValue List<String> cookieOrigins,
            @DefaultValue("false") boolean redirect,
            @DefaultValue("30s") Duration redirectLifetime) {
        private static final Pattern ORIGIN =
                Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

        Settings {
            cookieOrigins = List.copyOf(cookieOrigins);
            for (String origin : cookieOrigins) {
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException(
                            "safelight.delivery.cookie-origins must be like https://shop.example.com, not " + origin);
                }
            }
            if (redirectLifetime.toSeconds() < 5 || redirectLifetime.compareTo(Duration.ofMinutes(5)) > 0) {
                throw new IllegalArgumentException(
                        "safelight.delivery.redirect-lifetime must be 5s to 5m, not " + redirectLifetime);
            }
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

        /// Fails where nobody could read a space.
        ///
        /// @param hasKeys whether there is a key for the purpose
        void requireKeys(boolean hasKeys, String setting) {
            if (access.anySigned() && !hasKeys) {
                throw new IllegalArgumentException(
                        "safelight.delivery.access has a signed space, and there is no key: set %s; see docs/access.md"
                                .formatted(setting));
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
            Settings settings,
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
    ClientAddresses clientAddresses() {
        return ClientAddresses.ofConnections();
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    AccessGate accessGate(
            Settings settings,
            SigningSettings signing,
            AccessTokens tokens,
            ClientAddresses clients,
            InstantSource clock,
            @Value("${safelight.public-url:}") String publicUrl) {
        CloudFrontVerifier cloudFront = signing.cloudFrontVerifier(publicUrl);
        settings.requireKeys(
                !tokens.isEmpty() || !cloudFront.isEmpty(),
                "safelight.signing.keys or safelight.signing.cloudfront.public-keys");
        return new AccessGate(
                settings.access(), tokens, cloudFront, clients, Set.copyOf(settings.cookieOrigins()), clock);
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
            DirectDownload downloads,
            ImageHandler.Parts images,
            ApiKeys keys,
            AccessGate gate,
            MeterRegistry registry,
            Traffic traffic,
            ObjectMapper json) {
        // Here and not for all: a process that only works needs no room for what it never delivers.
        settings.requireRoomIn(directMemory());
        DeliveryChain chain = new DeliveryChain(
                memory,
                new RequestIndex(),
                new MediaLibrary(catalog::deliverable, store, memory, settings.access()),
                settings.redirect() ? new Redirects(downloads, settings.redirectLifetime(), gate.clock()) : null,
                images,
                new Exchange.Means(keys::authenticate, gate, new DeliveryMetrics(registry, traffic), json));
        return factory -> {
            // Without this, Boot would run the server's own threads as virtual ones, at several times the
            // cost.
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
            AccessGate gate,
            InstantSource clock) {
        TransformUrls urls = new TransformUrls(transform, RESERVED);
        PictureFinder pictures = new PictureFinder(catalog, foreign, settings.access());
        OrderDesk desk = new OrderDesk(
                pictures,
                placeholders,
                new ImageAnswers(settings.imagesMaxAge(), gate.takesCookies(), clock),
                urls.policy(),
                transform.qualities(),
                transform.watermarkAsset());
        return new ImageHandler.Parts(urls, pictures, desk, renderer, clock);
    }
}
