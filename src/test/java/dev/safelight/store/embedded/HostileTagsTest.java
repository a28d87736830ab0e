package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.StatusTag;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.store.s3.SignatureV4;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Tags as somebody would send them who means no good or does not know better, to the embedded store.
class HostileTagsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final BlobKey KEY = new BlobKey(Bucket.USER, "user/a.webp");

    @SuppressWarnings("NullAway.Init")
    private static StoreFixture fixture;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder);
        fixture.worker.put(
                KEY,
                new Content.Bytes(new byte[3]),
                new ObjectHeaders("image/webp", null, StatusTag.of(Moderation.PENDING)));
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    private static HttpResponse<String> send(
            StoreRole role, String method, String path, String query, Map<String, String> more, byte[] body)
            throws IOException, InterruptedException {
        S3Settings settings = fixture.store.settings(role);
        String time = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        SortedMap<String, String> headers = new TreeMap<>(more);
        headers.put("host", fixture.store.url().getRawAuthority());
        headers.put("x-amz-date", time);
        headers.put("x-amz-content-sha256", SignatureV4.sha256(body));
        SortedMap<String, String> parameters = new TreeMap<>(SignedRequest.parse(query));
        String signature = SignatureV4.sign(
                settings.secretKey(),
                time,
                settings.region(),
                new SignatureV4.Request(method, path, parameters, headers, SignatureV4.sha256(body)));
        URI url = URI.create(fixture.store.url() + path + (query.isEmpty() ? "" : "?" + query));
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .header(
                        "Authorization",
                        "%s Credential=%s, SignedHeaders=%s, Signature=%s"
                                .formatted(
                                        SignatureV4.ALGORITHM,
                                        SignatureV4.credential(
                                                settings.accessKey(), time.substring(0, 8), settings.region()),
                                        String.join(";", headers.keySet()),
                                        signature));
        headers.forEach((name, value) -> {
            if (!name.equals("host")) {
                request.header(name, value);
            }
        });
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> put(String xml) throws IOException, InterruptedException {
        return send(StoreRole.WORKER, "PUT", "/user/" + KEY.key(), "tagging", Map.of(), xml.getBytes(UTF_8));
    }

    private static String tagging(String tags) {
        return "<Tagging><TagSet>" + tags + "</TagSet></Tagging>";
    }

    private static String tag(String name, String value) {
        return "<Tag><Key>" + name + "</Key><Value>" + value + "</Value></Tag>";
    }

    private static String tags(int count) {
        return IntStream.range(0, count).mapToObj(i -> tag("k" + i, "v")).collect(Collectors.joining());
    }

    private static void assertRefused(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains("<Code>" + code + "</Code>");
        assertThat(fixture.worker.tags(KEY)).hasValue(StatusTag.of(Moderation.PENDING));
    }

    @Test
    void refusesWhatIsBeyondTheLimits() throws Exception {
        assertRefused(put(tagging(tags(11))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("k".repeat(129), "v"))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("k", "v".repeat(257)))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("", "v"))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("k", "v") + tag("k", "w"))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("aws:k", "v"))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("k", "a&#10;b"))), 400, "InvalidTag");
        assertRefused(put(tagging(tag("k", "&lt;"))), 400, "InvalidTag");
        String wide = IntStream.range(0, 10)
                .mapToObj(i -> tag("k" + i, "v".repeat(256)))
                .collect(Collectors.joining());
        assertRefused(put(tagging(wide)), 400, "MetadataTooLarge");
        assertRefused(put(tagging(tags(1)) + " ".repeat(70_000)), 400, "EntityTooLarge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "status=approved",
                "<Tagging>",
                "<Tagging/>",
                "<TagSet/>",
                "<Tagging><TagSet/>",
                "<Tagging><TagSet/></Tagging><more/>",
                "<Tagging><TagSet/><TagSet/></Tagging>",
                "<Tagging><TagSet><Tag/></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Key>k</Key><Key>l</Key><Value>v</Value></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Tag><Key><b>k</b></Key><Value>v</Value></Tag></TagSet></Tagging>",
                "<Tagging><TagSet><Other/></TagSet></Tagging>",
                "<!DOCTYPE t [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
                        + "<Tagging><TagSet><Tag><Key>k</Key><Value>&b;</Value></Tag></TagSet></Tagging>",
                "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + "<Tagging><TagSet><Tag><Key>k</Key><Value>&x;</Value></Tag></TagSet></Tagging>"
            })
    void refusesWhatIsNoTagging(String body) throws Exception {
        assertRefused(put(body), 400, "MalformedXML");
    }

    @ParameterizedTest
    @CsvSource({
        "k=v&k=w,InvalidTag",
        "=v,InvalidTag",
        "k=%0A,InvalidTag",
        "k=%FF,InvalidTag",
        "k=%zz,InvalidArgument",
        "k=v&,InvalidTag",
        "a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=,InvalidTag"
    })
    void refusesHeadersThatAreNoTagsAndStoresNothing(String header, String code) throws Exception {
        for (String hash : new String[] {"whole", "copy"}) {
            Map<String, String> more = hash.equals("whole")
                    ? Map.of("x-amz-tagging", header)
                    : Map.of(
                            "x-amz-tagging",
                            header,
                            "x-amz-tagging-directive",
                            "REPLACE",
                            "x-amz-copy-source",
                            "/user/" + KEY.key());
            var response = send(StoreRole.WORKER, "PUT", "/user/user/refused", "", more, new byte[0]);

            assertRefused(response, 400, code);
            assertThat(fixture.files()).doesNotContain("user/user/refused");
        }
    }

    @Test
    void copiesTagsWithAnObjectUnlessTheyAreReplaced() throws Exception {
        Map<String, String> copy = new TreeMap<>(Map.of("x-amz-copy-source", "/user/" + KEY.key()));
        assertThat(send(StoreRole.WORKER, "PUT", "/user/copied", "", copy, new byte[0])
                        .statusCode())
                .isEqualTo(200);
        assertThat(fixture.worker.tags(new BlobKey(Bucket.USER, "copied"))).hasValue(StatusTag.of(Moderation.PENDING));

        copy.put("x-amz-tagging-directive", "REPLACE");
        copy.put("x-amz-tagging", "a=b");
        assertThat(send(StoreRole.WORKER, "PUT", "/user/copied", "", copy, new byte[0])
                        .statusCode())
                .isEqualTo(200);
        assertThat(fixture.worker.tags(new BlobKey(Bucket.USER, "copied"))).hasValue(Map.of("a", "b"));
    }

    @Test
    void letsNobodyTagWhoMayNotReplace() throws Exception {
        byte[] approved = tagging(tag("status", "approved")).getBytes(UTF_8);
        for (StoreRole role : new StoreRole[] {StoreRole.DELIVERY, StoreRole.UPLOADER}) {
            for (String method : new String[] {"GET", "PUT", "DELETE"}) {
                byte[] body = method.equals("PUT") ? approved : new byte[0];
                assertRefused(send(role, method, "/user/" + KEY.key(), "tagging", Map.of(), body), 403, "AccessDenied");
            }
        }
        // An uploader that could tag what it creates could tag what others decide on.
        assertRefused(
                send(StoreRole.UPLOADER, "PUT", "/raw/tagged", "", Map.of("x-amz-tagging", "a=b"), new byte[0]),
                403,
                "AccessDenied");
        assertRefused(send(StoreRole.WORKER, "PUT", "/raw/tagged", "tagging", Map.of(), approved), 403, "AccessDenied");
        assertThat(fixture.files()).doesNotContain("raw/tagged");
    }

    @Test
    void readsOnlyWhatIsApprovedAndHoweverItIsAddressed() throws Exception {
        BlobKey key = new BlobKey(Bucket.USER, "gate/b.webp");
        fixture.worker.put(
                key,
                new Content.Bytes(new byte[3]),
                new ObjectHeaders("image/webp", null, StatusTag.of(Moderation.PENDING)));

        for (String method : new String[] {"GET", "HEAD"}) {
            for (String path : new String[] {"/user/gate/b.webp", "/user/gate/%62.webp", "/user/gate/%2e/b.webp"}) {
                assertThat(send(StoreRole.DELIVERY, method, path, "", Map.of(), new byte[0])
                                .statusCode())
                        .as("%s %s", method, path)
                        .isBetween(400, 499)
                        .isNotEqualTo(404);
            }
        }
        fixture.worker.setTags(key, StatusTag.of(Moderation.APPROVED));
        assertThat(fixture.delivery.open(key, null, null)).isPresent();
        fixture.worker.setTags(key, StatusTag.of(Moderation.REJECTED));
        assertThatThrownBy(() -> fixture.delivery.open(key, null, null)).isInstanceOf(Failure.class);
        fixture.worker.setTags(key, Map.of());
        assertThatThrownBy(() -> fixture.delivery.head(key)).isInstanceOf(Failure.class);
        assertThat(fixture.delivery.head(new BlobKey(Bucket.USER, "gate/none"))).isEmpty();
    }

    @Test
    void readsWhatIsOlderThanTagsUntilItHasSome(@TempDir Path folder) throws Exception {
        BlobKey old = new BlobKey(Bucket.USER, "old/a.webp");
        BlobKey later = new BlobKey(Bucket.USER, "old/b.webp");
        try (StoreFixture before = new StoreFixture(folder)) {
            before.worker.put(old, new Content.Bytes(new byte[3]), ObjectHeaders.ofType("image/webp"));
            assertThatThrownBy(() -> before.delivery.head(old)).isInstanceOf(Failure.class);
        }
        // As an earlier release leaves its folder.
        Files.delete(folder.resolve("tags-since"));
        try (StoreFixture after = new StoreFixture(folder)) {
            assertThat(after.delivery.head(old)).isPresent();
            after.worker.put(later, new Content.Bytes(new byte[3]), ObjectHeaders.ofType("image/webp"));
            assertThatThrownBy(() -> after.delivery.head(later)).isInstanceOf(Failure.class);
            after.worker.setTags(old, StatusTag.of(Moderation.REJECTED));
            assertThatThrownBy(() -> after.delivery.head(old)).isInstanceOf(Failure.class);
        }
    }

    @Property
    void everyTextIsTagsOrRefused(@ForAll String text) {
        try {
            TagSet tags = TagSet.parse(text);
            assertThat(TagSet.parse(tags.text())).isEqualTo(tags);
        } catch (S3Exception refused) {
            assertThat(refused.statusCode()).isEqualTo(400);
        }
    }

    @Property
    void everyBodyIsTagsOrRefused(@ForAll byte[] body) {
        try {
            TaggingBody.parse(body);
        } catch (S3Exception refused) {
            assertThat(refused.statusCode()).isEqualTo(400);
        }
    }
}
