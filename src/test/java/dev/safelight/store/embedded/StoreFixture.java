package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import dev.safelight.store.encryption.EncryptionKeys;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.testing.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A store on a temporary folder with what tests need around it.
final class StoreFixture implements AutoCloseable {
    static final String ORIGIN = "https://app.example.org";

    final Path folder;
    final List<ObjectCreated> events = new CopyOnWriteArrayList<>();
    final EmbeddedStore store;
    final S3DirectUpload uploads;
    final S3ObjectStore uploader;
    final S3ObjectStore worker;
    final S3ObjectStore delivery;
    final S3ObjectStore admin;

    StoreFixture(Path folder) throws IOException {
        this(folder, EncryptionKeys.none());
    }

    StoreFixture(Path folder, EncryptionKeys keys) throws IOException {
        this.folder = folder;
        this.store = EmbeddedStore.start(
                EmbeddedStoreSettings.in(folder)
                        .withOrigins(Set.of(ORIGIN))
                        .withLimits(Duration.ofSeconds(2), 24)
                        .withEncryption(keys),
                events::add,
                InstantSource.system());
        this.uploads = new S3DirectUpload(store.settings(StoreRole.UPLOADER), InstantSource.system());
        this.uploader = client(StoreRole.UPLOADER);
        this.worker = client(StoreRole.WORKER);
        this.delivery = client(StoreRole.DELIVERY);
        this.admin = client(StoreRole.ADMIN);
    }

    private S3ObjectStore client(StoreRole role) {
        return new S3ObjectStore(store.settings(role), InstantSource.system());
    }

    static BlobKey raw(String key) {
        return new BlobKey(Bucket.RAW, key);
    }

    Form form(String key, byte[] file) {
        return Form.of(
                uploads.post(
                        raw(key),
                        "image/jpeg",
                        file.length,
                        file.length,
                        Instant.now().plusSeconds(300)),
                file);
    }

    /// Every file of the store below its buckets, staging and parts.
    List<String> files() {
        Path objects = folder.resolve("objects");
        try (Stream<Path> all = Files.walk(objects)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> objects.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (S3ObjectStore client : List.of(uploader, worker, delivery, admin)) {
            client.close();
        }
        store.close();
    }
}
