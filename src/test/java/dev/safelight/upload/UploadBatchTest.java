package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Caller;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.catalog.Catalog;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenUpload;
import dev.safelight.store.StoredPart;
import dev.safelight.testing.TestServer;
import dev.safelight.upload.UploadController.BatchEntry;
import dev.safelight.upload.UploadController.BatchRequest;
import dev.safelight.web.Problem;
import jakarta.validation.Validator;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.support.TransactionTemplate;

/// Entries of a batch that cannot be signed do no harm to the others.
class UploadBatchTest {
    private final TestServer server = TestServer.shared();
    private final UploadRepository ledger = server.bean(UploadRepository.class);
    private final UploadSettings settings = server.bean(UploadSettings.class);
    private final InstantSource clock = server.bean(InstantSource.class);
    private final TransactionTemplate transaction = server.bean(TransactionTemplate.class);

    private UploadController controllerOver(MultipartUploads store) {
        PartLedger parts = new PartLedger(
                store,
                server.bean("workerStore", ObjectStore.class),
                ledger,
                server.bean(Catalog.class),
                transaction,
                settings,
                clock);
        return new UploadController(
                server.bean(Uploads.class),
                new Grants(server.bean(DirectUpload.class), parts, ledger, settings, clock),
                server.bean(Completion.class),
                server.bean(UploadFinder.class),
                server.bean(Validator.class));
    }

    private static UploadRequest order(String name, String method) {
        return new UploadRequest(
                name,
                "image/jpeg",
                100L,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                method,
                null,
                null,
                null,
                null);
    }

    @Test
    void answersForTheOthersWhenOneCannotBeSigned() {
        Caller admin =
                server.bean(ApiKeys.class).authenticate(server.adminKey()).orElseThrow();

        List<BatchEntry> entries = Objects.requireNonNull(controllerOver(new MoodyStore(ledger))
                        .createAll(
                                new BatchRequest(List.of(
                                        order("a.jpg", "post"),
                                        order("unreachable.jpg", "multipart"),
                                        order("b.jpg", "multipart"),
                                        order("aborted.jpg", "multipart"),
                                        order("c.jpg", "put"))),
                                admin,
                                new MockHttpServletRequest())
                        .getBody())
                .uploads();

        assertThat(entries)
                .extracting(
                        entry -> entry.problem() == null ? 0 : entry.problem().status())
                .containsExactly(0, 503, 0, 409, 0);
        assertThat(entries.stream().map(BatchEntry::upload).filter(Objects::nonNull))
                .hasSize(3)
                .allSatisfy(upload -> assertThat(upload.grant()).isNotNull());
        Problem outage = Objects.requireNonNull(entries.get(1).problem());
        assertThat(outage).isEqualTo(Problem.ofStoreOutage());
    }

    /// A store that takes uploads in parts, but for one that it fails and one that somebody gives up meanwhile.
    private record MoodyStore(UploadRepository ledger) implements MultipartUploads {
        @Override
        public String create(BlobKey key, String contentType) throws IOException {
            if (key.key().endsWith("unreachable.jpg")) {
                throw new IOException("out of reach");
            }
            if (key.key().endsWith("aborted.jpg")) {
                ledger.markAborted(UUID.fromString(key.key().split("/")[3]), Instant.now());
            }
            return key.key();
        }

        @Override
        public Optional<List<StoredPart>> parts(BlobKey key, String uploadId) {
            return Optional.empty();
        }

        @Override
        public boolean complete(BlobKey key, String uploadId, List<StoredPart> parts) {
            return false;
        }

        @Override
        public void abort(BlobKey key, String uploadId) {
            // There is nothing to delete.
        }

        @Override
        public void list(Bucket bucket, String prefix, Consumer<List<OpenUpload>> page) {
            // Nothing is unfinished.
        }
    }
}
