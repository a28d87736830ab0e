package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.OpenObject;
import dev.safelight.store.OpenUpload;
import dev.safelight.store.StoreRole;
import dev.safelight.store.StoredPart;
import dev.safelight.store.s3.S3MultipartUploads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What the embedded store does with parts beyond what every store does.
class PartFolderTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final byte[] END = "the end".getBytes(UTF_8);
    private static final BlobKey KEY = raw("raw/2026/11/u/video.mp4");

    @TempDir
    Path folder;

    private StoreFixture fixture;
    private S3MultipartUploads uploader;
    private S3Client s3;

    @BeforeEach
    void start() throws IOException {
        fixture = new StoreFixture(folder);
        uploader = new S3MultipartUploads(fixture.store.settings(StoreRole.UPLOADER));
        s3 = client(StoreRole.UPLOADER);
    }

    @AfterEach
    void stop() throws IOException {
        s3.close();
        uploader.close();
        fixture.close();
    }

    private S3Client client(StoreRole role) {
        var settings = fixture.store.settings(role);
        return S3Client.builder()
                .endpointOverride(settings.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .build();
    }

    private StoredPart send(String upload, int number, byte[] bytes) throws Exception {
        URI url = fixture.uploads
                .part(
                        KEY,
                        upload,
                        number,
                        bytes.length,
                        bytes.length,
                        Instant.now().plusSeconds(60))
                .url();
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(url)
                        .header("Origin", StoreFixture.ORIGIN)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag");
        return new StoredPart(
                number,
                bytes.length,
                answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
    }

    private static HttpResponse<String> put(String url, byte[] bytes) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(url))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void refused(int status, String code, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(status);
        });
    }

    private void complete(String upload, CompletedPart... parts) {
        s3.completeMultipartUpload(
                b -> b.bucket("raw").key(KEY.key()).uploadId(upload).multipartUpload(m -> m.parts(parts)));
    }

    private static CompletedPart named(int number, String etag) {
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    @Test
    void saysWhatIsWrongWithAListOfParts() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        String etag = send(upload, 1, END).etag();
        send(upload, 2, END);

        refused(400, "InvalidPartOrder", () -> complete(upload, named(2, etag), named(1, etag)));
        refused(400, "InvalidPartOrder", () -> complete(upload, named(1, etag), named(1, etag)));
        refused(400, "InvalidPart", () -> complete(upload, named(3, etag)));
        refused(400, "InvalidPart", () -> complete(upload, named(1, "0".repeat(32))));
        refused(
                400,
                "InvalidPart",
                () -> complete(upload, CompletedPart.builder().partNumber(1).build()));
        refused(400, "EntityTooSmall", () -> complete(upload, named(1, etag), named(2, etag)));
        refused(400, "MalformedXML", () -> complete(upload));
        assertThat(fixture.events).isEmpty();
        complete(upload, named(2, '"' + etag + '"'));
        refused(404, "NoSuchUpload", () -> complete(upload, named(2, etag)));
        assertThat(fixture.events).hasSize(1);
        assertThat(fixture.files()).containsExactly("raw/" + KEY.key());
    }

    @Test
    void refusesPartsOutsideOfTheirNumbers() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        for (int number : List.of(0, 10_001, -1)) {
            refused(
                    400,
                    "InvalidArgument",
                    () -> s3.uploadPart(
                            b -> b.bucket("raw").key(KEY.key()).uploadId(upload).partNumber(number),
                            RequestBody.fromBytes(END)));
        }
        assertThat(uploader.parts(KEY, upload)).hasValue(List.of());
    }

    @Test
    void holdsAPartToTheSizesThatWereGranted() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        String url = fixture.uploads
                .part(KEY, upload, 1, 2, 1000, Instant.now().plusSeconds(60))
                .url()
                .toString();

        HttpResponse<String> large = put(url, new byte[1001]);
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("<Code>EntityTooLarge</Code>", "1000");
        HttpResponse<String> small = put(url, new byte[1]);
        assertThat(small.statusCode()).isEqualTo(400);
        assertThat(small.body()).contains("<Code>EntityTooSmall</Code>");
        for (String changed : List.of("x-max-bytes=1001", "x-max-bytes=", "other=1000")) {
            assertThat(put(url.replace("x-max-bytes=1000", changed), new byte[1001])
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(uploader.parts(KEY, upload)).hasValue(List.of());
        assertThat(fixture.files()).noneMatch(file -> file.startsWith("staging/"));

        assertThat(put(url, new byte[2]).statusCode()).isEqualTo(200);
        assertThat(put(url, new byte[1000]).statusCode()).isEqualTo(200);
        assertThat(uploader.parts(KEY, upload).orElseThrow())
                .singleElement()
                .satisfies(part -> assertThat(part.bytes()).isEqualTo(1000));
    }

    @Test
    void takesPartsWhoseBodiesAreSignedInChunks() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        String etag = s3.uploadPart(
                        b -> b.bucket("raw").key(KEY.key()).uploadId(upload).partNumber(1), RequestBody.fromBytes(END))
                .eTag();

        complete(upload, named(1, etag));

        assertThat(read()).isEqualTo(END);
    }

    private byte[] read() throws IOException {
        try (OpenObject object = fixture.worker.open(KEY, null, null).orElseThrow()) {
            return object.stream().readAllBytes();
        }
    }

    @Test
    void answersForTheKeyOfAnUploadOnly() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        BlobKey other = raw("raw/2026/11/u/other.mp4");

        assertThat(uploader.parts(other, upload)).isEmpty();
        uploader.abort(other, upload);

        assertThat(uploader.parts(KEY, upload)).isPresent();
    }

    @Test
    void listsPartsPageByPage() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        for (int number : List.of(10_000, 1, 3, 2, 7)) {
            send(upload, number, END);
        }
        ListPartsResponse first = s3.listParts(
                b -> b.bucket("raw").key(KEY.key()).uploadId(upload).maxParts(2));
        ListPartsResponse last = s3.listParts(b -> b.bucket("raw")
                .key(KEY.key())
                .uploadId(upload)
                .maxParts(3)
                .partNumberMarker(first.nextPartNumberMarker()));

        assertThat(first.parts()).extracting(part -> part.partNumber()).containsExactly(1, 2);
        assertThat(first.isTruncated()).isTrue();
        assertThat(last.parts()).extracting(part -> part.partNumber()).containsExactly(3, 7, 10_000);
        assertThat(last.isTruncated()).isFalse();
    }

    @Test
    void listsUploadsToThoseWhoMayListAndPageByPage() throws Exception {
        List<String> uploads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            uploads.add(uploader.create(raw("raw/" + i / 2), "video/mp4"));
        }
        List<String> found = new ArrayList<>();
        try (S3Client worker = client(StoreRole.WORKER)) {
            worker.listMultipartUploadsPaginator(b -> b.bucket("raw").maxUploads(2)).stream()
                    .flatMap(page -> page.uploads().stream())
                    .forEach(upload -> found.add(upload.uploadId()));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(uploads);
        try (var delivery = new S3MultipartUploads(fixture.store.settings(StoreRole.DELIVERY))) {
            assertThatThrownBy(() -> delivery.list(Bucket.RAW, "", page -> {}))
                    .isInstanceOfSatisfying(
                            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        }
        try (var worker = new S3MultipartUploads(fixture.store.settings(StoreRole.WORKER))) {
            assertThatThrownBy(() -> worker.create(KEY, "a/b")).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> worker.abort(raw("raw/0"), uploads.getFirst()))
                    .isInstanceOf(Failure.class);
            List<OpenUpload> elsewhere = new ArrayList<>();
            worker.list(Bucket.USER, "", elsewhere::addAll);
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    void letsOneOfManyCompletionsWin() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        List<StoredPart> parts = List.of(send(upload, 1, new byte[6 << 20]), send(upload, 2, END));
        List<Future<Boolean>> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> complete = () -> uploader.complete(KEY, upload, parts);
            answers = threads.invokeAll(Collections.nCopies(8, complete));
        }
        int won = 0;
        for (Future<Boolean> answer : answers) {
            won += answer.get() ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
        assertThat(fixture.events).hasSize(1);
        assertThat(read()).hasSize((6 << 20) + END.length);
        assertThat(fixture.files()).containsExactly("raw/" + KEY.key());
    }

    @Test
    void keepsPartsAndWhatTheyAreForOverARestart() throws Exception {
        String upload = uploader.create(KEY, "video/mp4");
        StoredPart part = send(upload, 1, END);
        Files.writeString(folder.resolve("objects/staging/half"), "a part that a crash cut off");
        stop();
        start();

        assertThat(uploader.parts(KEY, upload)).hasValue(List.of(part));
        assertThat(uploader.complete(KEY, upload, List.of(part))).isTrue();
        assertThat(fixture.worker.head(KEY).orElseThrow().contentType()).isEqualTo("video/mp4");
        assertThat(fixture.files()).containsExactly("raw/" + KEY.key());
    }
}
