package dev.safelight.store.s3;

import dev.safelight.store.DirectUpload;
import dev.safelight.store.MultipartContract;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.ObjectStore;
import dev.safelight.testing.ExternalS3;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The contract against a service that the environment names.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalMultipartContractTest extends MultipartContract {
    private static S3Settings settings;
    private static S3ObjectStore store;
    private static S3MultipartUploads uploads;

    @BeforeAll
    static void connect() {
        settings = ExternalS3.withBuckets("safelight-test");
        store = new S3ObjectStore(settings, InstantSource.system());
        uploads = new S3MultipartUploads(settings);
    }

    @AfterAll
    static void disconnect() {
        uploads.close();
        store.close();
    }

    @Override
    protected MultipartUploads uploader() {
        return uploads;
    }

    @Override
    protected MultipartUploads worker() {
        return uploads;
    }

    @Override
    protected ObjectStore originals() {
        return store;
    }

    @Override
    protected DirectUpload grants() {
        return new S3DirectUpload(settings, InstantSource.system());
    }
}
