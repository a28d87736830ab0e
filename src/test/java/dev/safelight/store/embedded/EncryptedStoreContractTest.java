package dev.safelight.store.embedded;

import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectStoreContract;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract with all files encrypted.
class EncryptedStoreContractTest extends ObjectStoreContract {
    private static EmbeddedStore embedded;
    private static S3ObjectStore worker;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        embedded = EmbeddedStore.start(
                EmbeddedStoreSettings.in(folder).withEncryption(EncryptedStoreTest.KEYS),
                event -> {},
                InstantSource.system());
        worker = new S3ObjectStore(embedded.settings(StoreRole.WORKER), InstantSource.system());
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
        embedded.close();
    }

    @Override
    protected ObjectStore store() {
        return worker;
    }
}
