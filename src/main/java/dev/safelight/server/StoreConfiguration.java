package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.event.EventSource;
import dev.safelight.event.Inbox;
import dev.safelight.event.StoreEventParser;
import dev.safelight.event.WatchedBucket;
import dev.safelight.role.OnRole;
import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import dev.safelight.store.BucketRoutes;
import dev.safelight.store.DirectDownload;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.ObjectLookup;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoreRole;
import dev.safelight.store.embedded.EmbeddedStore;
import dev.safelight.store.embedded.EmbeddedStoreSettings;
import dev.safelight.store.embedded.ObjectCreated;
import dev.safelight.store.embedded.ObjectCreatedListener;
import dev.safelight.store.s3.S3DirectDownload;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3MultipartUploads;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.web.UploadOrigins;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// The object store as each role uses it: the embedded one, unless `safelight.s3.endpoint` names another.
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    Roles roles(Environment environment) {
        return Roles.of(environment);
    }

    /// Which credentials a role has. What a process lacks matters only when one of its roles needs it.
    @FunctionalInterface
    interface Identities {
        S3Settings of(StoreRole role);
    }

    @Bean
    @OnRole({ServerRole.API, ServerRole.WORKER})
    DirectUpload directUpload(Identities identities, InstantSource clock) {
        return new S3DirectUpload(identities.of(StoreRole.UPLOADER), clock);
    }

    // Workers end the uploads in parts that nobody goes on with.
    @Bean
    @Qualifier("uploader")
    @OnRole({ServerRole.API, ServerRole.WORKER})
    S3MultipartUploads uploaderParts(Identities identities) {
        return new S3MultipartUploads(identities.of(StoreRole.UPLOADER));
    }

    @Bean
    @Qualifier("worker")
    @OnRole(ServerRole.WORKER)
    S3MultipartUploads workerParts(Identities identities) {
        return new S3MultipartUploads(identities.of(StoreRole.WORKER));
    }

    @Bean
    @Qualifier("worker-identity")
    @OnRole(ServerRole.WORKER)
    S3ObjectStore workerIdentity(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.WORKER), clock);
    }

    /// Tells whether an original is stored. A worker asks for it; who only grants uploads may not read
    /// originals and finds it in a list of one.
    @Bean
    @Qualifier("originals")
    @OnRole({ServerRole.API, ServerRole.WORKER})
    ObjectLookup originals(
            @Qualifier("worker") ObjectProvider<ObjectStore> worker, Identities identities, InstantSource clock) {
        ObjectStore known = worker.getIfAvailable();
        return known == null
                ? ObjectLookup.listing(new S3ObjectStore(identities.of(StoreRole.UPLOADER), clock))
                : known;
    }

    @Bean
    @Qualifier("marketing")
    @OnRole(ServerRole.WORKER)
    S3ObjectStore marketingStore(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.MARKETING), clock);
    }

    /// What processing uses. The identity of the worker has no rights in the marketing bucket.
    @Bean
    @Qualifier("worker")
    @OnRole(ServerRole.WORKER)
    ObjectStore workerStore(
            @Qualifier("worker-identity") ObjectStore worker, @Qualifier("marketing") ObjectStore marketing) {
        return workerRoutes(worker, marketing);
    }

    private static ObjectStore workerRoutes(ObjectStore worker, ObjectStore marketing) {
        return new BucketRoutes(worker, Map.of(Bucket.MARKETING, marketing));
    }

    @Bean
    @Qualifier("delivery")
    @OnRole(ServerRole.DELIVERY)
    S3ObjectStore deliveryStore(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.DELIVERY), clock);
    }

    /// Grants reads with the rights of delivery and no others.
    @Bean
    @OnRole(ServerRole.DELIVERY)
    DirectDownload directDownload(Identities identities, InstantSource clock) {
        return new S3DirectDownload(identities.of(StoreRole.DELIVERY), clock);
    }

    /// What pictures on request are drawn from. Delivery itself has no right to read originals.
    @Bean
    @Qualifier("renderer")
    @OnRole(ServerRole.DELIVERY)
    S3ObjectStore rendererStore(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.RENDERER), clock);
    }

    /// Writes and removes results of requests, where the settings have them kept in the bucket.
    @Bean
    @Qualifier("results")
    @OnRole(ServerRole.DELIVERY)
    @ConditionalOnExpression("!'none'.equalsIgnoreCase('${safelight.render.keep:none}')")
    ObjectStore resultStore(Identities identities, InstantSource clock) {
        return workerRoutes(
                new S3ObjectStore(identities.of(StoreRole.WORKER), clock),
                new S3ObjectStore(identities.of(StoreRole.MARKETING), clock));
    }

    /// The store in this process, whose events go to the inbox directly.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "safelight.s3.endpoint", matchIfMissing = true, havingValue = "embedded")
    static class Embedded {
        @Bean
        EmbeddedStore embeddedStore(
                ServerSettings settings,
                UploadOrigins origins,
                @Value("${safelight.public-url:}") String publicUrl,
                ObjectCreatedListener listener,
                InstantSource clock,
                Roles roles)
                throws IOException {
            roles.requireAllBecauseOf("the embedded store", "safelight.s3.endpoint");
            ServerSettings.Embedded embedded = settings.embedded();
            EmbeddedStoreSettings store = EmbeddedStoreSettings.in(
                            settings.data().resolve("store"))
                    .at(embedded.host(), embedded.s3Port())
                    .withOrigins(origins.and(publicUrl))
                    .withEncryption(embedded.encryption().read());
            String storeUrl = embedded.s3PublicUrl();
            return EmbeddedStore.start(
                    storeUrl == null ? store : store.withPublicUrl(URI.create(storeUrl)), listener, clock);
        }

        // The store is up before the inbox is; looked up at the first event, the inbox need not exist earlier.
        @Bean
        ObjectCreatedListener storeEvents(ObjectProvider<Inbox> inbox, StoreEventParser parser) {
            return (ObjectCreated event) -> {
                // Variants are known before they are stored; only originals come from elsewhere.
                if (event.key().bucket() == Bucket.RAW) {
                    inbox.getObject().accept(EventSource.EMBEDDED, parser.parse(event.toRecordsJson()));
                }
            };
        }

        @Bean
        Identities identities(EmbeddedStore store) {
            return store::settings;
        }

        @Bean
        WatchedBucket watchedBucket() {
            return new WatchedBucket(Bucket.RAW.text());
        }

        @Bean
        @Qualifier("admin")
        S3ObjectStore adminStore(Identities identities, InstantSource clock) {
            return new S3ObjectStore(identities.of(StoreRole.ADMIN), clock);
        }
    }

    /// Any S3 service.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("!'embedded'.equals('${safelight.s3.endpoint:embedded}')")
    static class External {
        @Bean
        Identities identities(ExternalStoreSettings settings, ServerSettings server) {
            server.embedded().encryption().requireNone();
            return settings::of;
        }

        @Bean
        WatchedBucket watchedBucket(ExternalStoreSettings settings) {
            return new WatchedBucket(settings.name(Bucket.RAW));
        }

        /// The one identity that may be missing: it is needed to remove originals by hand, and for nothing
        /// else.
        @Bean
        @Qualifier("admin")
        @ConditionalOnProperty("safelight.s3.keys.admin.access-key")
        S3ObjectStore adminStore(Identities identities, InstantSource clock) {
            return new S3ObjectStore(identities.of(StoreRole.ADMIN), clock);
        }
    }
}
