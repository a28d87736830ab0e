package dev.safelight.store.embedded;

import dev.safelight.store.DirectUpload;
import dev.safelight.store.MultipartContract;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3MultipartUploads;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract with all files encrypted.
class EncryptedMultipartContractTest extends MultipartContract {
    private static StoreFixture fixture;
    private static S3MultipartUploads uploader;
    private static S3MultipartUploads worker;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder, EncryptedStoreTest.KEYS);
        uploader = new S3MultipartUploads(fixture.store.settings(StoreRole.UPLOADER));
        worker = new S3MultipartUploads(fixture.store.settings(StoreRole.WORKER));
    }

    @AfterAll
    static void stop() throws IOException {
        uploader.close();
        worker.close();
        fixture.close();
    }

    @Override
    protected MultipartUploads uploader() {
        return uploader;
    }

    @Override
    protected MultipartUploads worker() {
        return worker;
    }

    @Override
    protected ObjectStore originals() {
        return fixture.worker;
    }

    @Override
    protected DirectUpload grants() {
        return fixture.uploads;
    }
}
