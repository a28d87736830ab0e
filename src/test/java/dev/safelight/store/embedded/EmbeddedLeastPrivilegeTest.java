package dev.safelight.store.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Bucket;
import dev.safelight.store.LeastPrivilegeContract;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class EmbeddedLeastPrivilegeTest extends LeastPrivilegeContract {
    private static StoreFixture fixture;
    private static final Map<StoreRole, S3Client> CLIENTS = new EnumMap<>(StoreRole.class);

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder);
        for (StoreRole role : StoreRole.values()) {
            S3Settings settings = fixture.store.settings(role);
            CLIENTS.put(
                    role,
                    S3Client.builder()
                            .endpointOverride(settings.endpoint())
                            .region(Region.of(settings.region()))
                            .forcePathStyle(true)
                            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                            .credentialsProvider(StaticCredentialsProvider.create(
                                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                            .build());
        }
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.values().forEach(S3Client::close);
        fixture.close();
    }

    @Override
    protected S3Client client(StoreRole role) {
        return requireNonNull(CLIENTS.get(role));
    }

    @Override
    protected String name(Bucket bucket) {
        return bucket.text();
    }

    @Override
    protected boolean knowsCreation() {
        return true;
    }

    @Override
    protected boolean knowsTags() {
        return true;
    }

    @Test
    void addsTheKeyOfMarketingToThoseOfAnOlderInstallation(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("keys.properties");
        StoreKeys before = StoreKeys.open(file);
        List<String> old = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("marketing."))
                .toList();
        Files.write(file, old);

        StoreKeys after = StoreKeys.open(file);

        assertThat(after.of(StoreRole.WORKER)).isEqualTo(before.of(StoreRole.WORKER));
        assertThat(after.of(StoreRole.MARKETING)).isNotEqualTo(before.of(StoreRole.MARKETING));
        assertThat(StoreKeys.open(file).of(StoreRole.MARKETING)).isEqualTo(after.of(StoreRole.MARKETING));
    }
}
