package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.storage.Declaration;
import dev.safelight.storage.StorageSettings;
import dev.safelight.storage.StorageSetup;
import dev.safelight.store.BucketSetup;
import dev.safelight.store.StoreRole;
import dev.safelight.store.embedded.EmbeddedBucketSetup;
import dev.safelight.store.s3.S3BucketSetup;
import dev.safelight.web.UploadOrigins;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/// The store that the configuration names, as its administrator sees it, without a server around it.
///
/// The configuration is read from the same files and variables as that of a server.
public final class StoreAdministration implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final StorageSettings settings;
    private final ExternalStoreSettings external;
    private @Nullable BucketSetup store;

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({
        ExternalStoreSettings.class,
        StorageSettings.class,
        UploadOrigins.class,
        ServerSettings.class
    })
    static class Settings {}

    private StoreAdministration(ConfigurableApplicationContext context) {
        this.context = context;
        this.settings = context.getBean(StorageSettings.class);
        this.external = context.getBean(ExternalStoreSettings.class);
    }

    /// @param options that come before all other configuration
    public static StoreAdministration open(Map<String, Object> options) {
        return new StoreAdministration(new SpringApplicationBuilder(Settings.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers(starting -> starting.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("options", options)))
                .run());
    }

    public boolean isEmbedded() {
        return external.isEmbedded();
    }

    /// @param principals who the roles are, where not as configured; null for as configured
    public Declaration declaration(@Nullable Map<StoreRole, String> principals) {
        String publicUrl = context.getEnvironment().getProperty("safelight.public-url", "");
        return new Declaration(
                principals == null ? settings : settings.withPrincipals(principals),
                isEmbedded()
                        ? Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text))
                        : external.names(),
                context.getBean(UploadOrigins.class).and(publicUrl),
                isEmbedded() ? URI.create("http://localhost") : Objects.requireNonNull(external.endpoint()));
    }

    /// @throws IllegalArgumentException naming the setting that is missing
    /// @throws Failure NOT_FOUND when the store is the embedded one, and there is none yet
    public StorageSetup setup() {
        store = isEmbedded() ? embedded() : new S3BucketSetup(external.of(StoreRole.ADMIN));
        return new StorageSetup(store, declaration(null), isEmbedded());
    }

    private EmbeddedBucketSetup embedded() {
        EmbeddedBucketSetup setup = new EmbeddedBucketSetup(
                context.getBean(ServerSettings.class).data().resolve("store"));
        setup.requireThere();
        return setup;
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
        context.close();
    }
}
