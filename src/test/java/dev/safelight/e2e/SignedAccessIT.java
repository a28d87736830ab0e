package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.signing.AccessPolicy;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.PathPattern;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// A server whose product space is signed: URLs and cookies that it issues, read as browsers and players do;
/// keys that are exchanged; clients that are sent to the store.
@ExtendWith(ShowServerLog.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignedAccessIT {
    private static final String OLD = "8f4b1c6d2e3a59708192a3b4c5d6e7f80123456789abcdeffedcba9876543210";
    private static final String NEW = "17e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978889abcdef01234567";
    private static final String CDN = "https://d111111abcdef8.cloudfront.net";

    private final Path data;
    private final Path keys;
    private SafelightProcess server;
    private ApiUser admin;
    private ApiUser visitor;
    private final byte[] original = Pictures.cameraJpeg(1600, 1200, 1);
    private final String photo;

    SignedAccessIT(@TempDir Path folder) throws Exception {
        this.data = folder.resolve("data");
        this.keys = Files.createDirectory(folder.resolve("keys"));
        openssl("genrsa", "-out", "private.pem", "2048");
        openssl("rsa", "-in", "private.pem", "-pubout", "-out", "public.pem");
        start(Map.of());
        this.photo = upload("photo.jpg", Map.of("sku", "chair-1", "role", "main"));
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(keys.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private void start(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SAFELIGHT_DELIVERY_ACCESS_PRODUCT",
                "signed",
                "SAFELIGHT_SIGNING_KEYS_0_ID",
                "k1",
                "SAFELIGHT_SIGNING_KEYS_0_SECRET",
                OLD,
                "SAFELIGHT_SIGNING_CLOUDFRONT_BASEURLS",
                CDN,
                "SAFELIGHT_SIGNING_CLOUDFRONT_PUBLICKEYS_0_ID",
                "K2JCJMDEHXQW5F",
                "SAFELIGHT_SIGNING_CLOUDFRONT_PUBLICKEYS_0_FILE",
                keys.resolve("public.pem").toString(),
                "SAFELIGHT_SIGNING_CLOUDFRONT_KEYPAIRID",
                "K2JCJMDEHXQW5F",
                "SAFELIGHT_SIGNING_CLOUDFRONT_PRIVATEKEY",
                keys.resolve("private.pem").toString()));
        settings.putAll(more);
        this.server = SafelightProcess.serve(data, settings);
        this.admin = server.admin();
        this.visitor = admin.anonymous();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String upload(String name, Map<String, String> metadata) {
        return admin.upload(UploadOrder.jpeg(name, original.length).with("metadata", metadata), original)
                .path("id")
                .asString();
    }

    private JsonNode access(String asset, String more) {
        return admin.post("/v1/access", "{\"assets\":[\"%s\"]%s}".formatted(asset, more))
                .expect(200)
                .json();
    }

    private static List<String> urls(JsonNode access) {
        return access.at("/assets/0/variants")
                .valueStream()
                .map(variant -> variant.path("url").asString())
                .toList();
    }

    private String local(String url) {
        return url.replace(CDN, "").replaceFirst("^https?://[^/]+", "");
    }

    @Test
    @Order(1)
    void readsTakeASignature() {
        JsonNode access = access(photo, ",\"ttl\":120");
        for (String url : urls(access)) {
            Reply reply = visitor.get(local(url)).expect(200);
            assertThat(reply.header("Cache-Control")).matches("private, max-age=1[01][0-9]|private, max-age=120");
            visitor.get(local(url).replaceFirst("\\?.*", "")).expectProblem(403);
            Reply range = visitor.get(local(url), "Range", "bytes=0-9").expect(206);
            assertThat(range.bytes()).hasSize(10);
        }
        String image = local(access.at("/assets/0/image").asString());
        assertThat(Pictures.decoded(visitor.get(image + "&width=200&format=jpeg")
                                .expect(200)
                                .bytes())
                        .getWidth())
                .isEqualTo(200);
        Reply made = visitor.get(image + "&width=200&format=webp").expect(200);
        assertThat(made.header("Cache-Control")).startsWith("private, max-age=");
        visitor.get("/images/" + photo + "?width=200").expectProblem(403);
        admin.get("/images/" + photo + "?width=200").expect(200);
    }

    @Test
    @Order(2)
    void everyWayToAPictureIsClosed() {
        for (String path : List.of(
                "/images/" + photo,
                "/images/" + photo + ".webp?width=200",
                "/skus/chair-1/main?width=200",
                "/insecure/rs:fit:200/plain/" + photo + "@webp")) {
            assertThat(visitor.get(path).expectProblem(403).detail()).contains("access=");
        }
        AccessTokens tokens = new AccessTokens(
                List.of(new AccessTokens.Key("k1", HexFormat.of().parseHex(OLD))), Duration.ofDays(7));
        String token = tokens.sign(new AccessPolicy(
                List.of(new PathPattern("/skus/chair-*"), new PathPattern("/insecure/*")),
                Instant.now().plusSeconds(60),
                null,
                null,
                List.of(),
                null));
        visitor.get("/skus/chair-1/main?width=200&access=" + token).expect(200);
        visitor.get("/insecure/rs:fit:200/plain/" + photo + "@webp?access=" + token)
                .expect(200);
        visitor.get("/skus/table-1/main?width=200&access=" + token).expectProblem(403);
        visitor.get("/skus/chair-2/main?width=200&access=" + token).expectProblem(404);
    }

    @Test
    @Order(3)
    void pagesGetAddressesThatWork() {
        String html = admin.get("/v1/assets/" + photo + "/srcset?format=html")
                .expect(200)
                .text();
        assertThat(html).contains("?access=k1.");
        JsonNode asset = admin.asset(photo);
        for (JsonNode variant : asset.path("variants")) {
            String url = local(variant.path("url").asString());
            visitor.get(url).expect(200);
            assertThat(html.contains("/v1/small") || url.contains("access=")).isTrue();
        }
        assertThat(admin.asset(photo).path("variants")).isEqualTo(asset.path("variants"));
    }

    @Test
    @Order(4)
    void cookiesOpenWhatTheyCover() {
        Reply reply = admin.post("/v1/access", "{\"assets\":[\"%s\"],\"as\":\"cookies\"}".formatted(photo))
                .expect(200);
        String cookie = reply.header("Set-Cookie").replaceFirst(";.*", "");
        String url = local(urls(reply.json()).getFirst());
        visitor.get(url).expectProblem(403);
        Reply seen = visitor.get(url, "Cookie", "session=1; " + cookie).expect(200);
        assertThat(seen.header("Vary")).isEqualTo("Cookie, Origin");
        visitor.get("/images/" + photo + "?width=200&format=auto", "Cookie", cookie)
                .expect(200);
        String other = upload("other.jpg", Map.of());
        visitor.get("/images/" + other, "Cookie", cookie).expectProblem(403);
    }

    @Test
    @Order(5)
    void speaksCloudFrontsFormat() {
        JsonNode access = access(photo, ",\"format\":\"cloudfront\"");
        assertThat(access.at("/assets/0/image").isMissingNode()).isTrue();
        for (String url : urls(access)) {
            assertThat(url)
                    .startsWith(CDN + "/media/image/" + photo)
                    .contains("?Policy=", "&Key-Pair-Id=K2JCJMDEHXQW5F");
            visitor.get(local(url)).expect(200);
        }
        String path = local(urls(access).getFirst()).replaceFirst("\\?.*", "");
        JsonNode canned = access(photo, ",\"format\":\"cloudfront\",\"path\":\"%s\"".formatted(path));
        String url = local(urls(canned).getFirst());
        assertThat(url).contains("?Expires=").doesNotContain("Policy");
        visitor.get(url).expect(200);
        visitor.get(url.replaceFirst("Expires=[0-9]", "Expires=2")).expectProblem(403);
        visitor.get(url.replace("&Hash-Algorithm=SHA256", "")).expectProblem(403);

        JsonNode cookies = access(photo, ",\"format\":\"cloudfront\",\"as\":\"cookies\"");
        String header = cookies.path("cookies")
                .valueStream()
                .map(cookie -> cookie.asString().replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
        assertThat(header).contains("CloudFront-Policy=", "CloudFront-Signature=", "CloudFront-Key-Pair-Id=");
        visitor.get(path).expectProblem(403);
        visitor.get(path, "Cookie", header).expect(200);
        visitor.get(path, "Cookie", header.replace("CloudFront-Signature", "CloudFront-Nothing"))
                .expectProblem(403);
    }

    @Test
    @Order(6)
    void theCommandLineIssues() {
        Command urls = Command.run("access", photo, "--ttl", "5m", "--data", data.toString());
        assertThat(urls.exitCode()).as(urls.err()).isZero();
        assertThat(urls.out().lines().toList())
                .isNotEmpty()
                .allSatisfy(line -> visitor.get(local(line)).expect(200));

        Command cookies = Command.run("access", photo, "--cookies", "--data", data.toString());
        assertThat(cookies.out()).startsWith("Set-Cookie: Safelight-Access=").contains("; HttpOnly");

        Command json = Command.run(
                "access", photo, "--format", "cloudfront", "--ip", "127.0.0.1", "--json", "--data", data.toString());
        assertThat(json.json().path("format").asString()).isEqualTo("cloudfront");
        assertThat(json.json().at("/assets/0/query").asString()).startsWith("Policy=");

        Command unknown = Command.run("access", "0199d3a4-5b6c-7d8e-9f00-112233445566", "--data", data.toString());
        assertThat(unknown.exitCode()).isEqualTo(4);
        assertThat(unknown.err()).contains("There is no asset with this id.");
        Command wrong = Command.run("access", photo, "--ttl", "soon", "--data", data.toString());
        assertThat(wrong.exitCode()).isEqualTo(2);
        Command tooLong = Command.run("access", photo, "--ttl", "1000h", "--data", data.toString());
        assertThat(tooLong.exitCode()).isEqualTo(4);
        assertThat(tooLong.err()).contains("604800");
    }

    @Test
    @Order(7)
    void aRejectionEndsAllSignaturesAtOnce() {
        String asset = upload("gone.jpg", Map.of());
        JsonNode access = access(asset, "");
        String cookie =
                access(asset, ",\"as\":\"cookies\"").at("/cookies/0").asString().replaceFirst(";.*", "");
        String url = local(urls(access).getFirst());
        String plain = url.replaceFirst("\\?.*", "");
        String image = local(access.at("/assets/0/image").asString()) + "&width=200";
        String cloudFront =
                local(urls(access(asset, ",\"format\":\"cloudfront\"")).getFirst());
        for (String address : List.of(url, image, cloudFront)) {
            visitor.get(address).expect(200);
        }
        visitor.get(plain, "Cookie", cookie).expect(200);

        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\"}")
                .expect(200);
        for (String address : List.of(url, image, cloudFront)) {
            visitor.get(address).expectProblem(404);
        }
        visitor.get(plain, "Cookie", cookie).expectProblem(404);
        admin.post("/v1/access", "{\"assets\":[\"%s\"]}".formatted(asset)).expectProblem(409);
    }

    @Test
    @Order(8)
    void keysAreExchangedWithoutBreakingWhatWasHandedOut() throws Exception {
        String before = local(urls(access(photo, "")).getFirst());
        visitor.get(before).expect(200);

        server.close();
        start(Map.of(
                "SAFELIGHT_SIGNING_KEYS_0_ID", "k2",
                "SAFELIGHT_SIGNING_KEYS_0_SECRET", NEW,
                "SAFELIGHT_SIGNING_KEYS_1_ID", "k1",
                "SAFELIGHT_SIGNING_KEYS_1_SECRET", OLD,
                "SAFELIGHT_DELIVERY_REDIRECT", "true",
                "SAFELIGHT_DELIVERY_REDIRECTLIFETIME", "20s"));
        String after = local(urls(access(photo, "")).getFirst());
        assertThat(after).contains("access=k2.");
        followsToTheStore(before);
        followsToTheStore(after);
        // The store would let anybody read who has its address.
        for (String format : List.of("safelight", "cloudfront")) {
            String bound = local(urls(access(photo, ",\"ip\":\"127.0.0.1\",\"format\":\"%s\"".formatted(format)))
                    .getFirst());
            assertThat(visitor.get(bound).expect(200).header("Cache-Control")).startsWith("private, max-age=");
        }

        server.close();
        start(Map.of("SAFELIGHT_SIGNING_KEYS_0_ID", "k2", "SAFELIGHT_SIGNING_KEYS_0_SECRET", NEW));
        visitor.get(after).expect(200);
        assertThat(visitor.get(before).expectProblem(403).detail()).contains("key is not known");
    }

    private void followsToTheStore(String url) {
        Reply redirect = visitor.get(url).expect(307);
        assertThat(redirect.header("Cache-Control")).isEqualTo("private, max-age=10");
        String address = redirect.header("Location");
        assertThat(URI.create(address).getPort()).isNotEqualTo(server.url().getPort());
        Reply bytes = visitor.get(address).expect(200);
        assertThat(bytes.header("Content-Type")).isEqualTo(url.contains(".webp") ? "image/webp" : "image/jpeg");
        assertThat(bytes.header("Cache-Control")).isEqualTo("private, max-age=20");
        assertThat(bytes.bytes()).hasSizeGreaterThan(100);
        assertThat(visitor.get(address, "Range", "bytes=0-9").expect(206).bytes())
                .hasSize(10);
        visitor.get(address.replaceFirst("X-Amz-Signature=.", "X-Amz-Signature=g"))
                .expect(403);
        visitor.get(address.replaceFirst("X-Amz-Expires=20", "X-Amz-Expires=2000"))
                .expect(403);
    }

    @ParameterizedTest
    @Order(9)
    @CsvSource({
        "SAFELIGHT_SIGNING_KEYS_0_SECRET, 00112233, at least 32 random bytes",
        "SAFELIGHT_SIGNING_KEYS_0_SECRET, "
                + "0000000000000000000000000000000000000000000000000000000000000000, at least 32 random bytes",
        "SAFELIGHT_SIGNING_KEYS_0_SECRET, changeme, openssl rand -hex 32",
        "SAFELIGHT_SIGNING_CLOUDFRONT_PRIVATEKEY, /nowhere/private.pem, does not exist",
        "SAFELIGHT_DELIVERY_ACCESS_PRODUCT, open, 'public, signed, private'",
        "SAFELIGHT_DELIVERY_REDIRECTLIFETIME, 1h, 5s to 5m",
        "SAFELIGHT_SIGNING_MAXLIFETIME, 1h, within max-lifetime"
    })
    void refusesToStartWithWhatItCannotUse(String name, String value, String sentence, @TempDir Path folder) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SAFELIGHT_SIGNING_KEYS_0_ID",
                "k1",
                "SAFELIGHT_SIGNING_KEYS_0_SECRET",
                OLD,
                "SAFELIGHT_SIGNING_CLOUDFRONT_BASEURLS",
                CDN,
                "SAFELIGHT_SIGNING_CLOUDFRONT_KEYPAIRID",
                "K2JCJMDEHXQW5F",
                "SAFELIGHT_SIGNING_CLOUDFRONT_PRIVATEKEY",
                keys.resolve("private.pem").toString()));
        settings.put(name, value);
        Command refused = Command.run(
                settings,
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains(sentence).doesNotContain(OLD, "Exception");
    }

    @Test
    @Order(10)
    void aSignedSpaceNeedsAKey(@TempDir Path folder) {
        Command refused = Command.run(
                Map.of("SAFELIGHT_DELIVERY_ACCESS_MARKETING", "signed"),
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("safelight.signing.keys");
    }
}
