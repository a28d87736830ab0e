package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.DirectUpload.PutGrant;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.store.s3.SignatureV4;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class SignedRequestTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final byte[] FILE = "not really a picture".getBytes(UTF_8);
    private static final String TYPE = "image/jpeg";

    private static StoreFixture fixture;

    private final BlobKey key = raw("raw/2026/11/" + UUID.randomUUID() + "/p.jpg");

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    private PutGrant grant() {
        return fixture.uploads.put(key, TYPE, FILE.length, Instant.now().plusSeconds(60));
    }

    private static HttpResponse<String> put(URI url, byte[] bytes, String... headers) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", TYPE)
                        .header("If-None-Match", "*")
                        .header("Origin", StoreFixture.ORIGIN)
                        .headers(headers.length == 0 ? new String[] {"Accept", "*/*"} : headers)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void storesAGrantedPutOnceAndTellsIt() throws Exception {
        HttpResponse<String> first = put(grant().url(), FILE);
        HttpResponse<String> replay = put(grant().url(), FILE);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("Access-Control-Allow-Origin")).hasValue(StoreFixture.ORIGIN);
        assertThat(first.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag");
        assertThat(replay.statusCode()).isEqualTo(412);
        assertThat(fixture.events.stream().filter(event -> event.key().equals(key)))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.how()).isEqualTo("Put");
                    assertThat(event.bytes()).isEqualTo(FILE.length);
                });
    }

    @Test
    void letsOneOfManyRacingReplaysWin() throws Exception {
        URI url = grant().url();
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> send = () -> put(url, FILE).statusCode();
            for (Future<Integer> answer : threads.invokeAll(Collections.nCopies(20, send))) {
                statuses.add(answer.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).isSubsetOf(200, 412, 503);
        assertThat(fixture.files()).noneMatch(file -> file.startsWith("staging/"));
    }

    static Stream<String> changes() {
        return Stream.of(
                "X-Amz-Expires=\\d+|X-Amz-Expires=604800",
                "X-Amz-Signature=[0-9a-f]{8}|X-Amz-Signature=00000000",
                "X-Amz-SignedHeaders=[^&]+|X-Amz-SignedHeaders=host",
                "X-Amz-SignedHeaders=[^&]+|X-Amz-SignedHeaders=content-length%3Bcontent-type",
                "X-Amz-Signature=[0-9a-f]+|",
                "X-Amz-Date=\\d+T|X-Amz-Date=20200101T",
                "us-east-1|eu-west-1",
                "p.jpg|q.jpg",
                "/raw/raw|/processed/raw",
                "$|&versionId=1",
                "$|&acl",
                "X-Amz-Algorithm|X-Amz-Algorith",
                "SL[0-9A-F]{4}|SL0000");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void refusesAnAddressThatWasChanged(String change) throws Exception {
        String[] words = change.split("\\|", -1);
        List<String> before = fixture.files();
        URI url = URI.create(grant().url().toString().replaceFirst(words[0], words[1]));

        HttpResponse<String> answer = put(url, FILE);

        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 403);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(StoreFixture.ORIGIN);
        assertThat(fixture.files()).isEqualTo(before);
    }

    @Test
    void refusesHeadersThatNobodySigned() throws Exception {
        for (String header : List.of(
                "x-amz-copy-source", "x-amz-decoded-content-length", "x-amz-meta-a", "x-amz-acl", "x-amz-date")) {
            HttpResponse<String> answer = put(grant().url(), FILE, header, "5");
            assertThat(answer.statusCode()).as(header).isEqualTo(403);
            assertThat(answer.body()).contains(header);
        }
        HttpResponse<String> twice = put(grant().url(), FILE, "Authorization", "Bearer x");
        assertThat(twice.statusCode()).isEqualTo(400);
    }

    @Test
    void keepsNoHeadersThatNobodyGranted() throws Exception {
        HttpResponse<String> answer = put(
                grant().url(),
                FILE,
                "Cache-Control",
                "no-cache",
                "Content-Encoding",
                "gzip",
                "Content-Disposition",
                "attachment",
                "Content-Language",
                "de");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        S3Settings settings = fixture.store.settings(StoreRole.WORKER);
        try (S3Client worker = S3Client.builder()
                .endpointOverride(settings.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .build()) {
            HeadObjectResponse stored = worker.headObject(b -> b.bucket("raw").key(key.key()));
            assertThat(stored.contentType()).isEqualTo(TYPE);
            assertThat(stored.cacheControl()).isNull();
            assertThat(stored.contentEncoding()).isNull();
            assertThat(stored.contentDisposition()).isNull();
            assertThat(stored.contentLanguage()).isNull();
        }
    }

    @Test
    void takesNoConditionThatLeadsAroundTheLimits() throws Exception {
        HttpResponse<String> answer = put(grant().url(), FILE, "If-Match", "\"a\"");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(fixture.worker.head(key)).isEmpty();
    }

    @Test
    void saysWhichHeadersAreBound() throws Exception {
        HttpResponse<String> answer = put(grant().url(), new byte[3]);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .contains("<Code>SignatureDoesNotMatch</Code>", "content-length", "content-type", "host");
    }

    @Test
    void refusesABodyInChunksOfUnknownLength() throws Exception {
        URI url =
                fixture.uploads.put(key, TYPE, 0, Instant.now().plusSeconds(60)).url();
        for (String framing :
                List.of("Transfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 0")) {
            String request = "PUT " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: "
                    + url.getRawAuthority() + "\r\nContent-Type: " + TYPE + "\r\nIf-None-Match: *\r\n" + framing
                    + "\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                String status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
                assertThat(status).startsWith("HTTP/1.1 4");
            }
        }
        assertThat(fixture.worker.head(key)).isEmpty();
    }

    @Test
    void takesAGrantUnderTheAddressThatClientsSee(@TempDir Path other) throws Exception {
        URI seen = URI.create("https://media.example.org/files");
        try (EmbeddedStore store = EmbeddedStore.start(
                EmbeddedStoreSettings.in(other).withPublicUrl(seen), event -> {}, InstantSource.system())) {
            URI signed = new S3DirectUpload(store.settings(StoreRole.UPLOADER), InstantSource.system())
                    .put(key, TYPE, FILE.length, Instant.now().plusSeconds(60))
                    .url();
            assertThat(signed.toString()).startsWith("https://media.example.org/files/raw/");
            // As a proxy passes it on, without its prefix and under another name.
            URI inside =
                    store.url().resolve(signed.getRawPath().substring("/files".length()) + "?" + signed.getRawQuery());

            assertThat(put(inside, FILE).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesAHashThatTheBodyDoesNotHave() throws Exception {
        S3Settings settings = fixture.store.settings(StoreRole.UPLOADER);
        for (int size : List.of(10, 3_000_000)) {
            HttpResponse<String> wrong = signedByHeader(settings, SignatureV4.sha256(new byte[] {1}), new byte[size]);
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("XAmzContentSHA256Mismatch");
        }
        assertThat(fixture.worker.head(key)).isEmpty();
        byte[] large = new byte[3_000_000];
        assertThat(signedByHeader(settings, SignatureV4.sha256(large), large).statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> signedByHeader(S3Settings settings, String hash, byte[] body) throws Exception {
        URI url = settings.endpoint().resolve("/raw/" + key.key());
        String time = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", url.getRawAuthority());
        headers.put("x-amz-content-sha256", hash);
        headers.put("x-amz-date", time);
        var request = new SignatureV4.Request("PUT", url.getRawPath(), new TreeMap<>(), headers, hash);
        String signature = SignatureV4.sign(settings.secretKey(), time, settings.region(), request);
        return CLIENT.send(
                HttpRequest.newBuilder(url)
                        .header("x-amz-content-sha256", hash)
                        .header("x-amz-date", time)
                        .header(
                                "Authorization",
                                SignatureV4.ALGORITHM + " Credential="
                                        + SignatureV4.credential(
                                                settings.accessKey(), time.substring(0, 8), settings.region())
                                        + ", SignedHeaders=" + request.signedHeaders() + ", Signature=" + signature)
                        .timeout(Duration.ofSeconds(30))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
