package dev.safelight.delivery;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Space;
import dev.safelight.testing.RawHttp.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaHttpTest {
    private static final byte[] CONTENT = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LARGE = new byte[MediaFixture.LARGEST + 1];
    private static final Map<String, String> VALIDATORS = Map.ofEntries(
            entry("etag", "\"abc123\""),
            entry("last-modified", "Fri, 02 Jan 2026 03:04:05 GMT"),
            entry("cache-control", "public, max-age=31536000, immutable"),
            entry("cross-origin-resource-policy", "cross-origin"),
            entry("access-control-allow-origin", "*"),
            entry("access-control-expose-headers", "Accept-Ranges, Content-Range, ETag"),
            entry("timing-allow-origin", "*"));

    private static MediaFixture media;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < LARGE.length; i++) {
            LARGE[i] = (byte) (i * 31 + (i >> 8));
        }
        media = new MediaFixture();
    }

    @AfterAll
    static void stop() throws Exception {
        media.close();
    }

    @AfterEach
    void heal() {
        media.store.down(false);
        media.store.through(stream -> stream);
    }

    private static Map<String, String> ofContent(long length) {
        Map<String, String> fields = new TreeMap<>(VALIDATORS);
        fields.put("content-type", "image/webp");
        fields.put("content-length", String.valueOf(length));
        fields.put("accept-ranges", "bytes");
        fields.put("x-content-type-options", "nosniff");
        fields.put("content-security-policy", "default-src 'none'; sandbox");
        return fields;
    }

    private static Map<String, String> ofProblem(Answer answer, String... more) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("content-type", "application/problem+json");
        fields.put("content-length", String.valueOf(answer.content().length));
        fields.put("cache-control", "no-store");
        fields.put("x-content-type-options", "nosniff");
        fields.put("access-control-allow-origin", "*");
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return fields;
    }

    /// The answer, the same from the store as from memory.
    private static Answer everywhere(String method, String... fields) throws IOException {
        String path = media.publish(Space.PRODUCT, CONTENT);
        Answer cold = media.exchange(method, path, fields);
        boolean read = method.equals("GET") || method.equals("HEAD");
        assertThat(media.memory.trusted(path) != null).isEqualTo(read);
        Answer hot = media.exchange(method, path, fields);
        assertThat(hot.status()).isEqualTo(cold.status());
        assertThat(hot.fields().keySet()).isEqualTo(cold.fields().keySet());
        if (!hot.fields().getOrDefault("content-type", "").startsWith("multipart")) {
            assertThat(hot.ownFields()).isEqualTo(cold.ownFields());
            assertThat(hot.content()).isEqualTo(cold.content());
        }
        return hot;
    }

    @Test
    void defectsAreProblems() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        media.store.through(stream -> {
            throw new IllegalStateException("a defect of the store");
        });
        for (String method : List.of("GET", "HEAD")) {
            Answer answer = media.exchange(method, path);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.fields())
                    .containsEntry("content-type", "application/problem+json")
                    .containsEntry("cache-control", "no-store");
            assertThat(answer.text()).doesNotContain("store");
        }
        media.store.through(stream -> stream);
        assertThat(media.get(path).status()).isEqualTo(200);
    }

    @Test
    void servesTheBytesWithAllTheirFields() throws Exception {
        double hits = media.count("safelight.delivery.hits");
        Answer answer = everywhere("GET");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.ownFields()).isEqualTo(ofContent(36));
        assertThat(answer.content()).isEqualTo(CONTENT);
        await().until(() -> media.count("safelight.delivery.hits") >= hits + 1);
    }

    @Test
    void headHasTheFieldsOfGetAndNoContent() throws Exception {
        Answer answer = everywhere("HEAD", "Range: bytes=0-1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.ownFields()).isEqualTo(ofContent(36));
    }

    @Test
    void servesOneRange() throws Exception {
        Answer answer = everywhere("GET", "Range: bytes=10-12");
        Map<String, String> expected = ofContent(3);
        expected.put("content-range", "bytes 10-12/36");
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.ownFields()).isEqualTo(expected);
        assertThat(answer.text()).isEqualTo("abc");
    }

    @Test
    void servesSeveralRangesAsParts() throws Exception {
        Answer answer = everywhere("GET", "Range: bytes=-2, 0-1");
        String type = answer.fields().getOrDefault("content-type", "");
        String boundary = type.substring("multipart/byteranges; boundary=".length());
        Map<String, String> expected = ofContent(answer.content().length);
        expected.put("content-type", type);
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.ownFields()).isEqualTo(expected);
        assertThat(answer.text())
                .isEqualTo("--%1$s\r\nContent-Type: image/webp\r\nContent-Range: bytes 34-35/36\r\n\r\nyz\r\n"
                        .concat(
                                "--%1$s\r\nContent-Type: image/webp\r\nContent-Range: bytes 0-1/36\r\n\r\n01\r\n--%1$s--\r\n")
                        .formatted(boundary));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "pages=1-2", "bytes=0-9,5-6", "nonsense"})
    void ignoresRangesThatAreMalformedOrOverlap(String range) throws Exception {
        Answer answer = everywhere("GET", "Range: " + range);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.content()).isEqualTo(CONTENT);
    }

    @Test
    void refusesARangeBehindTheEnd() throws Exception {
        Answer answer = everywhere("GET", "Range: bytes=36-");
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.ownFields()).isEqualTo(ofProblem(answer, "content-range", "bytes */36"));
        assertThat(answer.text()).contains("36 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "If-None-Match: \"abc123\"",
                "If-None-Match: \"x\", W/\"abc123\"",
                "If-None-Match: *",
                "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT",
                "If-Modified-Since: Friday, 02-Jan-26 03:04:06 GMT",
                "If-None-Match: \"abc123\"\r\nIf-Modified-Since: Fri, 02 Jan 1970 00:00:00 GMT\r\nRange: bytes=99-"
            })
    void saysNotModified(String field) throws Exception {
        Answer answer = everywhere("GET", field);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.ownFields()).isEqualTo(VALIDATORS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "If-None-Match: \"x\"",
                "If-None-Match: \"x\"\r\nIf-Modified-Since: Sat, 02 Jan 2027 03:04:05 GMT",
                "If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT",
                "If-Modified-Since: yesterday",
                "If-Match: \"abc123\"",
                "If-Match: *",
                "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT",
                "If-Range: \"x\"\r\nRange: bytes=0-1",
                "If-Range: W/\"abc123\"\r\nRange: bytes=0-1",
                "If-Range: Fri, 02 Jan 2026 03:04:06 GMT\r\nRange: bytes=0-1"
            })
    void servesAllWhenConditionsLetItThrough(String field) throws Exception {
        Answer answer = everywhere("GET", field);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.content()).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc123\"", "Fri, 02 Jan 2026 03:04:05 GMT"})
    void servesTheRangeOfWhatTheClientKnows(String validator) throws Exception {
        Answer answer = everywhere("GET", "If-Range: " + validator, "Range: bytes=0-1");
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.text()).isEqualTo("01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"If-Match: \"x\"", "If-Match: W/\"abc123\"", "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT"
            })
    void refusesWhenAPreconditionFails(String field) throws Exception {
        Answer answer = everywhere("GET", field, "Range: bytes=99-");
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.ownFields()).isEqualTo(ofProblem(answer, "etag", "\"abc123\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"})
    void refusesOtherMethods(String method) throws Exception {
        Answer answer = everywhere(method, "Content-Length: 0");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.ownFields()).isEqualTo(ofProblem(answer, "allow", "GET, HEAD, OPTIONS"));
    }

    @Test
    void answersPreflightsAlikeForAnyPath() throws Exception {
        String[] preflight = {"Origin: https://shop.example", "Access-Control-Request-Method: GET"};
        Answer known = media.exchange("OPTIONS", media.publish(Space.USER, CONTENT), preflight);
        assertThat(known.status()).isEqualTo(204);
        assertThat(known.fields())
                .containsEntry("access-control-allow-methods", "GET, HEAD")
                .containsEntry("access-control-allow-origin", "*")
                .containsEntry("allow", "GET, HEAD, OPTIONS");
        assertThat(media.exchange("OPTIONS", "/media/x", preflight).ownFields()).isEqualTo(known.ownFields());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/media/",
                "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/medium-800w.webp",
                "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/%2e%2e/x",
                "/media/../v1/assets",
                "/media/%00",
                "/media/image/%zz",
                "/media/..%2f..%2fetc%2fpasswd",
                "/media/image;a=b/x",
                "/media/\\..\\x"
            })
    void whateverIsNotThereIsNotFound(String path) throws Exception {
        Answer answer = media.get(path);
        assertThat(answer.status()).isIn(400, 404);
        if (answer.status() == 404) {
            assertThat(answer.ownFields()).isEqualTo(ofProblem(answer));
            assertThat(answer.text()).contains("\"status\":404");
        }
    }

    @Test
    void privateMediaIsThereForThoseWhoMaySeeItAndForNobodyElse() throws Exception {
        String path = media.publish(Space.USER, CONTENT);
        Answer unknown = media.get(path.replace("medium", "other"));
        for (String authorization :
                new String[] {"X-None: 1", "Authorization: Bearer stranger", "Authorization: Basic x"}) {
            Answer refused = media.get(path, authorization);
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.ownFields()).isEqualTo(unknown.ownFields());
            assertThat(refused.text()).isEqualTo(unknown.text());
        }
        for (String token : new String[] {"viewer", "owner"}) {
            Answer seen = media.get(path, "Authorization: Bearer " + token);
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.content()).isEqualTo(CONTENT);
            assertThat(seen.fields())
                    .containsEntry("cache-control", "private, no-store")
                    .containsEntry("cross-origin-resource-policy", "same-origin")
                    .doesNotContainKey("access-control-allow-origin");
        }
        assertThat(media.get(path).status()).isEqualTo(404);
    }

    @Test
    void streamsWhatIsTooLargeForMemory() throws Exception {
        String path = media.publish(Space.PRODUCT, LARGE);
        Answer whole = media.get(path);
        assertThat(whole.content()).isEqualTo(LARGE);
        assertThat(whole.ownFields()).isEqualTo(ofContent(LARGE.length));
        Answer part = media.get(path, "Range: bytes=1999990-");
        assertThat(part.content()).isEqualTo(Arrays.copyOfRange(LARGE, 1999990, LARGE.length));
        Answer head = media.exchange("HEAD", path);
        assertThat(head.ownFields()).isEqualTo(ofContent(LARGE.length));
        Answer known = media.get(path, "If-None-Match: \"abc123\"");
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.ownFields()).isEqualTo(VALIDATORS);
    }

    @Test
    void aStoreThatIsDownIsAProblemThatPasses() throws Exception {
        String small = media.publish(Space.PRODUCT, CONTENT);
        String large = media.publish(Space.PRODUCT, LARGE);
        media.store.down(true);
        for (String path : new String[] {small, large}) {
            Answer answer = media.get(path);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.ownFields()).isEqualTo(ofProblem(answer, "retry-after", "2"));
        }
        media.store.down(false);
        assertThat(media.get(small).status()).isEqualTo(200);
    }

    /// A cache in front may have dropped it by then, and would have it again.
    @Test
    void whatIsWithdrawnWhileItIsReadIsNotSent() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        media.store.through(stream -> {
            media.withdraw(path);
            media.pass(Duration.ofSeconds(10));
            return stream;
        });

        assertThat(media.get(path).status()).isEqualTo(404);
    }

    @Test
    void whatIsReadSlowlyIsSentAllTheSame() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        media.store.through(stream -> {
            media.pass(Duration.ofSeconds(10));
            return stream;
        });

        assertThat(media.get(path).content()).isEqualTo(CONTENT);
        assertThat(media.get(path).content()).isEqualTo(CONTENT);
    }

    @Test
    void anAnswerCutShortDoesNotLookComplete() throws Exception {
        String path = media.publish(Space.PRODUCT, LARGE);
        media.store.through(
                stream -> new SequenceInputStream(new ByteArrayInputStream(LARGE, 0, 1_000_000), new BrokenStream()));
        Answer answer = media.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.complete()).isFalse();
        media.store.through(stream -> new ByteArrayInputStream(LARGE, 0, 1_000_000));
        assertThat(media.get(path).complete()).isFalse();
    }

    @Test
    void aShortAnswerIsReadWholeBeforeItBegins() throws Exception {
        String path = media.publish(Space.USER, CONTENT);
        String owner = "Authorization: Bearer owner";
        media.store.through(stream -> new ByteArrayInputStream(CONTENT, 0, CONTENT.length - 1));
        assertThat(media.get(path, owner).status()).isEqualTo(503);
        media.store.through(stream -> stream);
        Answer answer = media.get(path, owner);
        assertThat(answer.content()).isEqualTo(CONTENT);
        assertThat(answer.complete()).isTrue();
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }

    @Test
    void otherPathsGoToTheRestOfTheServer() throws Exception {
        assertThat(media.get("/v1/assets").fields()).containsEntry("content-type", "text/plain");
        assertThat(media.get("/mediax").status()).isEqualTo(200);
    }
}
