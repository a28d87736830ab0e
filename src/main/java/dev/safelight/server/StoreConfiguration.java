package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.event.EventSource;
import dev.safelight.event.Inbox;
import dev.safelight.event.StoreEventParser;
import dev.safelight.store.BucketRoutes;
import dev.safelight.event.WatchedBucket;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoreRole;
import dev.safelight.store.embedded.EmbeddedStore;
import dev.safelight.store.embedded.EmbeddedStoreSettings;
import dev.safelight.store.embedded.ObjectCreated;
import dev.safelight.store.embedded.ObjectCreatedListener;
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
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The object store as each role uses it: the embedded one, unless `safelight.s3.endpoint` names another.
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    /// Which credentials a role has.
    @FunctionalInterface
    interface Identities {
        S3Settings of(StoreRole role);
    }

    @Bean
    DirectUpload directUpload(Identities identities, InstantSource clock) {
        return new S3DirectUpload(identities.of(StoreRole.UPLOADER), clock);
    }

    @Bean
    @Qualifier("uploader")
    S3MultipartUploads uploaderParts(Identities identities) {
        return new S3MultipartUploads(identities.of(StoreRole.UPLOADER));
    }

    @Bean
    @Qualifier("worker")
    S3MultipartUploads workerParts(Identities identities) {
        return new S3MultipartUploads(identities.of(StoreRole.WORKER));
    }

    @Bean
    @Qualifier("worker-identity")
    S3ObjectStore workerIdentity(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.WORKER), clock);
    }

    @Bean
    @Qualifier("marketing")
    S3ObjectStore marketingStore(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.MARKETING), clock);
    }

    /// What processing uses. The identity of the worker has no rights in the marketing bucket.
    @Bean
    @Qualifier("worker")
    ObjectStore workerStore(
            @Qualifier("worker-identity") ObjectStore worker, @Qualifier("marketing") ObjectStore marketing) {
        return new BucketRoutes(worker, Map.of(Bucket.MARKETING, marketing));
    }

    @Bean
    @Qualifier("delivery")
    S3ObjectStore deliveryStore(Identities identities, InstantSource clock) {
        return new S3ObjectStore(identities.of(StoreRole.DELIVERY), clock);
    }

    @Bean
    WatchedBucket watchedBucket(Identities identities) {
        return new WatchedBucket(identities.of(StoreRole.WORKER).name(Bucket.RAW));
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
                InstantSource clock)
                throws IOException {
            ServerSettings.Embedded embedded = settings.embedded();
            EmbeddedStoreSettings store = EmbeddedStoreSettings.in(
                            settings.data().resolve("store"))
                    .at(embedded.host(), embedded.s3Port())
                    .withOrigins(origins.and(publicUrl));
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
        @Qualifier("admin")
        S3ObjectStore adminStore(Identities identities, InstantSource clock) {
            return new S3ObjectStore(identities.of(StoreRole.ADMIN), clock);
        }
    }

    /// Any S3 service.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "safelight.s3.endpoint")
    static class External {
        @Bean
        Identities identities(ExternalStoreSettings settings) {
            return settings::of;
        }

        /// The one identity that may be missing: it is needed to remove originals by hand, and for nothing else.
        @Bean
        @Qualifier("admin")
        @ConditionalOnProperty("safelight.s3.keys.admin.access-key")
        S3ObjectStore adminStore(Identities identities, InstantSource clock) {
            return new S3ObjectStore(identities.of(StoreRole.ADMIN), clock);
        }
    }
}
