package dev.safelight.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.DirectUpload.PartGrant;
import dev.safelight.store.DirectUpload.PutGrant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/// What every [MultipartUploads] does together with [DirectUpload], whoever is behind them.
public abstract class MultipartContract {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int SMALLEST = (int) MultipartUploads.SMALLEST_PART;
    private static final byte[] END = "the end".getBytes(UTF_8);

    private final String prefix = "contract/" + UUID.randomUUID() + "/";
    private final BlobKey key = key("video.mp4");

    /// The identity that begins, completes and aborts.
    protected abstract MultipartUploads uploader();

    /// The identity that lists what was begun.
    protected abstract MultipartUploads worker();

    /// The store as the identity sees it that reads originals.
    protected abstract ObjectStore originals();

    /// Grants that the uploader signs.
    protected abstract DirectUpload grants();

    private BlobKey key(String name) {
        return new BlobKey(Bucket.RAW, prefix + name);
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Instant soon() {
        return Instant.now().plusSeconds(300);
    }

    protected static HttpResponse<String> put(URI url, byte[] bytes, String... headers) throws Exception {
        return put(url, BodyPublishers.ofByteArray(bytes), headers);
    }

    private static HttpResponse<String> put(URI url, HttpRequest.BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).PUT(body).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String[] headers(PutGrant grant) {
        return grant.headers().entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
    }

    private StoredPart send(String upload, int number, byte[] bytes) throws Exception {
        PartGrant grant = grants().part(key, upload, number, bytes.length, bytes.length, soon());
        HttpResponse<String> answer = put(grant.url(), bytes);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String etag = answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
        return new StoredPart(number, bytes.length, etag);
    }

    private byte[] read(BlobKey wanted) throws IOException {
        try (OpenObject object = originals().open(wanted, null, null).orElseThrow()) {
            return object.stream().readAllBytes();
        }
    }

    private static void conflict(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void joinsPartsInTheOrderOfTheirNumbers() throws Exception {
        byte[] first = random(1, SMALLEST);
        byte[] second = random(2, SMALLEST + 1);
        String upload = uploader().create(key, "video/mp4");
        assertThat(uploader().parts(key, upload)).hasValue(List.of());

        StoredPart third = send(upload, 7, END);
        StoredPart one = send(upload, 1, first);
        StoredPart two = send(upload, 2, second);

        List<StoredPart> parts = uploader().parts(key, upload).orElseThrow();
        assertThat(parts).containsExactly(one, two, third);
        assertThat(originals().head(key)).isEmpty();
        assertThat(uploader().complete(key, upload, parts)).isTrue();
        StoredObject stored = originals().head(key).orElseThrow();
        assertThat(stored.contentType()).isEqualTo("video/mp4");
        assertThat(stored.etag()).isNotEmpty();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        all.writeBytes(END);
        assertThat(read(key)).isEqualTo(all.toByteArray());
    }

    @Test
    void replacesAPartThatIsSentAgain() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        StoredPart before = send(upload, 1, random(1, 1000));
        StoredPart after = send(upload, 1, END);

        assertThat(uploader().parts(key, upload)).hasValue(List.of(after));
        conflict(() -> uploader().complete(key, upload, List.of(before)));
        assertThat(uploader().complete(key, upload, List.of(after))).isTrue();
        assertThat(read(key)).isEqualTo(END);
    }

    @Test
    void forgetsAnUploadThatIsComplete() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        List<StoredPart> parts = List.of(send(upload, 1, END));
        assertThat(uploader().complete(key, upload, parts)).isTrue();

        assertThat(uploader().complete(key, upload, parts)).isFalse();
        assertThat(uploader().parts(key, upload)).isEmpty();
        uploader().abort(key, upload);
        assertThat(read(key)).isEqualTo(END);
    }

    @Test
    void forgetsAnUploadThatIsAborted() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        List<StoredPart> parts = List.of(send(upload, 1, END));

        uploader().abort(key, upload);

        uploader().abort(key, upload);
        assertThat(uploader().parts(key, upload)).isEmpty();
        assertThat(uploader().complete(key, upload, parts)).isFalse();
        PartGrant late = grants().part(key, upload, 2, 7, 7, soon());
        assertThat(put(late.url(), END).statusCode()).isEqualTo(404);
        assertThat(originals().head(key)).isEmpty();
    }

    @Test
    void knowsNothingOfUploadsThatWereNeverBegun() throws Exception {
        for (String upload :
                List.of("nonsense", "2~nonsense", "../../x", UUID.randomUUID().toString())) {
            assertThat(uploader().parts(key, upload)).as(upload).isEmpty();
            assertThat(uploader().complete(key, upload, List.of(new StoredPart(1, 1, "a".repeat(32)))))
                    .isFalse();
            uploader().abort(key, upload);
        }
    }

    @Test
    void joinsOnlyWhatArrived() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        StoredPart one = send(upload, 1, random(1, SMALLEST));
        StoredPart two = send(upload, 2, END);
        StoredPart missing = new StoredPart(3, 7, two.etag());
        StoredPart other = new StoredPart(2, 7, "0".repeat(32));

        conflict(() -> uploader().complete(key, upload, List.of(one, two, missing)));
        conflict(() -> uploader().complete(key, upload, List.of(one, other)));
        conflict(() -> uploader().complete(key, upload, List.of(two, one)));
        conflict(() -> uploader().complete(key, upload, List.of()));

        assertThat(originals().head(key)).isEmpty();
        assertThat(uploader().complete(key, upload, List.of(one, two))).isTrue();
    }

    @Test
    void joinsNoSmallPartsButTheLast() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        List<StoredPart> parts = List.of(send(upload, 1, random(1, SMALLEST - 1)), send(upload, 2, END));

        conflict(() -> uploader().complete(key, upload, parts));

        assertThat(originals().head(key)).isEmpty();
    }

    @Test
    void neverReplacesAnObject() throws Exception {
        String first = uploader().create(key, "video/mp4");
        String second = uploader().create(key, "video/mp4");
        List<StoredPart> parts = List.of(send(first, 1, END));
        List<StoredPart> others = List.of(send(second, 1, random(1, 10)));

        assertThat(uploader().complete(key, first, parts)).isTrue();
        assertThat(uploader().complete(key, second, others)).isFalse();

        assertThat(read(key)).isEqualTo(END);
        uploader().abort(key, second);
    }

    @Test
    void listsMorePartsThanOnePageHolds() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        List<StoredPart> sent = new ArrayList<>();
        for (int number = 1; number <= 1003; number++) {
            sent.add(send(upload, number, new byte[] {(byte) number}));
        }

        assertThat(uploader().parts(key, upload)).hasValue(sent);
        uploader().abort(key, upload);
    }

    @Test
    void listsUploadsThatWereNotEnded() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        String open = uploader().create(key("open"), "video/mp4");
        String again = uploader().create(key("open"), "video/mp4");
        uploader().abort(key("aborted"), uploader().create(key("aborted"), "video/mp4"));
        List<OpenUpload> found = new ArrayList<>();

        worker().list(Bucket.RAW, prefix, found::addAll);

        assertThat(found).extracting(OpenUpload::uploadId).containsExactlyInAnyOrder(open, again);
        assertThat(found).allSatisfy(upload -> {
            assertThat(upload.key()).isEqualTo(key("open"));
            assertThat(upload.startedAt()).isBetween(before, Instant.now().plusSeconds(2));
        });
        worker().list(
                        Bucket.RAW,
                        prefix + "elsewhere/",
                        page -> assertThat(page).isEmpty());
        uploader().abort(key("open"), open);
        uploader().abort(key("open"), again);
    }

    @Test
    void takesAGrantedPutOfThisTypeAndLengthOnly() throws Exception {
        PutGrant grant = grants().put(key, "image/jpeg", 5, soon());
        assertThat(grant.headers()).isEqualTo(Map.of("Content-Type", "image/jpeg", "If-None-Match", "*"));

        for (int length : List.of(0, 4, 6)) {
            assertThat(put(grant.url(), new byte[length], headers(grant)).statusCode())
                    .isEqualTo(403);
        }
        assertThat(put(grant.url(), new byte[5], "Content-Type", "text/html", "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(403);
        assertThat(put(grant.url(), new byte[5], "If-None-Match", "*").statusCode())
                .isEqualTo(403);
        assertThat(put(grant.url(), new byte[5], "Content-Type", "image/jpeg").statusCode())
                .isEqualTo(403);
        var unknownLength = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[5]));
        assertThat(put(grant.url(), unknownLength, headers(grant)).statusCode()).isBetween(400, 499);
        assertThat(originals().head(key)).isEmpty();

        HttpResponse<String> answer = put(grant.url(), new byte[5], headers(grant));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        StoredObject stored = originals().head(key).orElseThrow();
        assertThat(stored.contentType()).isEqualTo("image/jpeg");
        assertThat(answer.headers().firstValue("ETag")).hasValue('"' + stored.etag() + '"');
    }

    @Test
    void replacesNothingByAGrantThatIsSentAgain() throws Exception {
        PutGrant grant = grants().put(key, "image/jpeg", 5, soon());
        assertThat(put(grant.url(), "first".getBytes(UTF_8), headers(grant)).statusCode())
                .isEqualTo(200);

        assertThat(put(grant.url(), "other".getBytes(UTF_8), headers(grant)).statusCode())
                .isEqualTo(412);

        assertThat(read(key)).asString(UTF_8).isEqualTo("first");
    }

    @Test
    void takesAGrantedPartOfThisLengthNumberAndUploadOnly() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        String other = uploader().create(key, "video/mp4");
        String url = grants().part(key, upload, 1, 7, 7, soon()).url().toString();

        assertThat(put(URI.create(url), new byte[6]).statusCode()).isEqualTo(403);
        assertThat(put(URI.create(url), new byte[8]).statusCode()).isEqualTo(403);
        assertThat(put(URI.create(url.replace("partNumber=1", "partNumber=2")), END)
                        .statusCode())
                .isEqualTo(403);
        assertThat(put(URI.create(url.replace(upload, other)), END).statusCode())
                .isEqualTo(403);
        assertThat(uploader().parts(key, upload)).hasValue(List.of());
        assertThat(put(URI.create(url), END).statusCode()).isEqualTo(200);
        uploader().abort(key, other);
        uploader().abort(key, upload);
    }

    @Test
    void takesAPartWhoseSizeTheClientChooses() throws Exception {
        String upload = uploader().create(key, "video/mp4");
        PartGrant grant = grants().part(key, upload, 10_000, 1, 1000, soon());

        assertThat(put(grant.url(), END).statusCode()).isEqualTo(200);

        assertThat(uploader().parts(key, upload).orElseThrow())
                .extracting(StoredPart::number, StoredPart::bytes)
                .containsExactly(Tuple.tuple(10_000, 7L));
        uploader().abort(key, upload);
    }

    @Test
    void grantsNoPartWithAnotherNumberThanThereAre() {
        for (int number : List.of(-1, 0, 10_001)) {
            assertThatThrownBy(() -> grants().part(key, "u", number, 1, 7, soon()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesExpiredGrants() throws Exception {
        Instant past = Instant.now().minusSeconds(2);
        String upload = uploader().create(key, "video/mp4");

        PutGrant expired = grants().put(key, "a/b", 7, past);
        assertThat(put(expired.url(), END, headers(expired)).statusCode()).isEqualTo(403);
        assertThat(put(grants().part(key, upload, 1, 7, 7, past).url(), END).statusCode())
                .isEqualTo(403);
        uploader().abort(key, upload);
    }

    @Test
    void showsNoSignatureInTheTextOfAGrant() {
        for (Object grant : List.of(
                grants().put(key, "image/jpeg", 5, soon()),
                grants().part(key, "u", 1, 1, 7, soon()),
                grants().post(key, "image/jpeg", 1, 5, soon()))) {
            assertThat(grant.toString()).contains(key.key()).doesNotContainIgnoringCase("signature", "credential");
        }
    }
}
