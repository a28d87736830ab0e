package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.Safelight;
import dev.safelight.access.ApiKeys;
import dev.safelight.access.ApiKeys.IssuedKey;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Catalog;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole server, over a real database and the embedded store.
@SpringBootTest(classes = Safelight.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AssetApiTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Catalog catalog;
    private final ApiKeys keys;
    private final ObjectStore store;
    private final JdbcClient jdbc;
    private final int port;

    private final IssuedKey uploader;
    private final IssuedKey viewer;
    private final IssuedKey moderator;
    private final IssuedKey marketing;

    @Autowired
    AssetApiTest(
            Catalog catalog,
            ApiKeys keys,
            @Qualifier("worker") ObjectStore store,
            JdbcClient jdbc,
            @Value("${local.server.port}") int port) {
        this.catalog = catalog;
        this.keys = keys;
        this.store = store;
        this.jdbc = jdbc;
        this.port = port;
        this.uploader = key(Role.UPLOADER);
        this.viewer = key(Role.VIEWER);
        this.moderator = key(Role.MODERATOR);
        this.marketing = key(Role.MARKETING);
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "test-data"));
        String data = Files.createTempDirectory(parent, "asset-api").toString();
        TestDatabase database = TestDatabase.fresh();
        database.settings().forEach((name, value) -> registry.add(name, () -> value));
        registry.add("safelight.data", () -> data);
        registry.add("safelight.work.folder", () -> data + "/work");
        registry.add("safelight.public-url", () -> "https://media.example.com/");
    }

    /// Nothing here is to be processed.
    @TestConfiguration
    static class WithoutWorker {
        @Bean
        static BeanDefinitionRegistryPostProcessor withoutWorker() {
            return registry -> registry.removeBeanDefinition("jobWorker");
        }
    }

    @BeforeEach
    void forgetAssets() {
        jdbc.sql("delete from asset").update();
    }

    private IssuedKey key(Role role) {
        return keys.create("test " + role.text(), Set.of(role));
    }

    private AssetVersion pending(Space space, Map<String, String> metadata) {
        AssetId id = AssetId.create(Instant.now());
        var original = new AssetVersion.Original(
                new BlobKey(Bucket.RAW, "raw/2026/01/" + id + "/a.jpg"), "a.jpg", MediaType.JPEG, 10_000, null, null);
        AssetVersion version = new AssetVersion(id, 1, space, original, Status.PENDING, null, null, List.of());
        catalog.add(version, uploader.id(), metadata);
        return version;
    }

    private AssetVersion published(Space space, Map<String, String> metadata) throws IOException {
        AssetVersion version = pending(space, metadata);
        List<Variant> variants = new ArrayList<>();
        variants.add(variant(version, "thumb", MediaType.JPEG, 150, 150));
        for (MediaType format : List.of(MediaType.JPEG, MediaType.WEBP)) {
            variants.add(variant(version, "small", format, 300, 200));
            variants.add(variant(version, "medium", format, 600, 400));
        }
        variants.add(variant(version, "w600", MediaType.WEBP, 600, 400));
        AssetVersion ready = version.withFacts(new Facts.Image(
                        MediaType.JPEG,
                        1500,
                        1000,
                        1,
                        false,
                        "#102030",
                        "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                        "00ff00ff00ff00ff",
                        null))
                .withVariants(variants);
        catalog.publish(ready);
        return ready;
    }

    private Variant variant(AssetVersion version, String name, MediaType format, int width, int height)
            throws IOException {
        byte[] bytes = (name + format).getBytes(StandardCharsets.UTF_8);
        BlobKey key = new BlobKey(
                Bucket.ofVariants(version.space()),
                "processed/image/%s/v1/%s-%dw.%s".formatted(version.id(), name, width, format.extension()));
        store.put(key, new Content.Bytes(bytes), ObjectHeaders.ofType(format.text()));
        return new Variant(name, format, width, height, bytes.length, key, "e" + bytes.length, "r");
    }

    private Answer get(String path, @Nullable IssuedKey key, String... fields) throws IOException {
        return exchange("GET", path, key, "", fields);
    }

    private Answer exchange(String method, String path, @Nullable IssuedKey key, String body, String... fields)
            throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            StringBuilder request = new StringBuilder("%s %s HTTP/1.1\r\nHost: localhost\r\n".formatted(method, path));
            if (key != null) {
                request.append("Authorization: Bearer ").append(key.token()).append("\r\n");
            }
            List.of(fields).forEach(field -> request.append(field).append("\r\n"));
            if (!body.isEmpty()) {
                request.append("Content-Type: application/json\r\nContent-Length: %d\r\n".formatted(body.length()));
            }
            http.send(request + "Connection: close\r\n\r\n" + body);
            return http.receive(method.equals("HEAD"));
        }
    }

    private static JsonNode json(Answer answer) {
        return JSON.readTree(answer.content());
    }

    @Test
    void showsAReadyAssetWithTheUrlsOfItsVariants() throws Exception {
        AssetVersion asset = published(Space.PRODUCT, Map.of("sku", "A-1"));
        Answer answer = get("/v1/assets/" + asset.id(), viewer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields().get("cache-control")).contains("no-store").contains("private");
        JsonNode view = json(answer);
        assertThat(view.path("status").asString()).isEqualTo("READY");
        assertThat(view.path("space").asString()).isEqualTo("product");
        assertThat(view.path("moderation").asString()).isEqualTo("approved");
        assertThat(view.path("metadata").path("sku").asString()).isEqualTo("A-1");
        assertThat(view.path("facts").path("kind").asString()).isEqualTo("image");
        assertThat(view.path("facts").path("mediaType").asString()).isEqualTo("image/jpeg");
        assertThat(Instant.parse(view.path("createdAt").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(view.path("variants").size()).isEqualTo(6);
        JsonNode thumb = view.path("variants").path(0);
        assertThat(thumb.path("format").asString()).isEqualTo("jpeg");
        String url = thumb.path("url").asString();
        assertThat(url).isEqualTo("https://media.example.com/media/image/" + asset.id() + "/v1/thumb-150w.jpg");
        Answer delivered = get(url.substring("https://media.example.com".length()), null);
        assertThat(delivered.status()).isEqualTo(200);
        assertThat(delivered.text()).isEqualTo("thumbimage/jpeg");
    }

    @Test
    void givesNoUrlsForWhatMayNotBeDelivered() throws Exception {
        AssetVersion asset = published(Space.USER, Map.of());
        Answer answer = get("/v1/assets/" + asset.id(), uploader);
        assertThat(json(answer).path("moderation").asString()).isEqualTo("pending");
        assertThat(json(answer).path("variants").size()).isEqualTo(6);
        assertThat(answer.text()).doesNotContain("\"url\"");
        assertThat(get("/v1/assets/" + asset.id() + "/srcset", uploader).status())
                .isEqualTo(409);
        String path = "/media/image/" + asset.id() + "/v1/thumb-150w.jpg";
        assertThat(get(path, uploader).status()).isEqualTo(404);
        catalog.moderate(asset.id(), 1, Moderation.APPROVED, null);
        assertThat(get(path, null).status()).isEqualTo(404);
        assertThat(get(path, uploader).status()).isEqualTo(200);
    }

    @Test
    void hidesAssetsFromThoseWhoMayNotSeeThem() throws Exception {
        AssetVersion asset = published(Space.PRODUCT, Map.of());
        Answer hidden = get("/v1/assets/" + asset.id(), key(Role.UPLOADER));
        Answer unknown = get("/v1/assets/" + AssetId.create(Instant.now()), viewer);
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.text()).isEqualTo(unknown.text());
        assertThat(get("/v1/assets/" + asset.id(), marketing).status()).isEqualTo(404);
        assertThat(get("/v1/assets/" + asset.id(), null).status()).isEqualTo(401);
        Answer malformed = get("/v1/assets/NOT-AN-ID", viewer);
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.text()).contains("UUID");
    }

    @Test
    void listsNewestFirstPageByPage() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(pending(Space.PRODUCT, Map.of()).id().toString());
        }
        ids.sort(Comparator.reverseOrder()); // within a millisecond, ids are in any order
        List<String> seen = new ArrayList<>();
        String query = "?limit=2";
        int pages = 0;
        while (!query.isEmpty()) {
            JsonNode page = json(get("/v1/assets" + query, viewer));
            page.path("assets").forEach(asset -> seen.add(asset.path("id").asString()));
            String cursor = page.path("nextCursor").asString("");
            query = cursor.isEmpty() ? "" : "?limit=2&cursor=" + cursor;
            pages++;
        }
        assertThat(seen).isEqualTo(ids);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void listsWhatTheCallerMaySee() throws Exception {
        published(Space.PRODUCT, Map.of());
        pending(Space.USER, Map.of());
        pending(Space.MARKETING, Map.of());
        assertThat(count("", viewer)).isEqualTo(2);
        assertThat(count("", uploader)).isEqualTo(2);
        assertThat(count("", key(Role.UPLOADER))).isZero();
        assertThat(count("", marketing)).isEqualTo(1);
        assertThat(count("", moderator)).isEqualTo(3);
        assertThat(count("?space=user", viewer)).isEqualTo(1);
        assertThat(count("?status=READY", viewer)).isEqualTo(1);
        assertThat(get("/v1/assets?space=marketing", viewer).status()).isEqualTo(403);
    }

    private int count(String query, IssuedKey key) throws IOException {
        return json(get("/v1/assets" + query, key)).path("assets").size();
    }

    @Test
    void refusesParametersItDoesNotUnderstand() throws Exception {
        Map<String, String> faults = Map.of(
                "?colour=red", "allowed are space, status, account, deleted, limit, cursor",
                "?limit=0", "1 to 200",
                "?limit=201", "1 to 200",
                "?limit=many", "1 to 200",
                "?space=private", "product, user, marketing",
                "?status=DONE", "PENDING, PROCESSING, READY, REJECTED, FAILED",
                "?cursor=abc", "nextCursor",
                "?limit=1&limit=2", "once");
        for (var fault : faults.entrySet()) {
            Answer answer = get("/v1/assets" + fault.getKey(), viewer);
            assertThat(answer.status()).as(fault.getKey()).isEqualTo(400);
            assertThat(answer.text()).contains(fault.getValue());
        }
    }

    @Test
    void moderatorsStopDeliveryAtOnce() throws Exception {
        AssetVersion asset = published(Space.PRODUCT, Map.of());
        String path = "/media/image/" + asset.id() + "/v1/thumb-150w.jpg";
        assertThat(get(path, null).status()).isEqualTo(200);
        assertThat(get(path, null).status()).isEqualTo(200);
        String decision = "{\"status\":\"rejected\",\"reason\":\"wrong product\"}";
        String moderation = "/v1/assets/" + asset.id() + "/moderation";
        assertThat(exchange("POST", moderation, viewer, decision).status()).isEqualTo(403);
        Answer answer = exchange("POST", moderation, moderator, decision);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(json(answer).path("moderation").asString()).isEqualTo("rejected");
        assertThat(json(answer).path("moderationReason").asString()).isEqualTo("wrong product");
        assertThat(answer.text()).doesNotContain("\"url\"");
        assertThat(get(path, null).status()).isEqualTo(404);
        exchange("POST", moderation, moderator, "{\"status\":\"approved\"}");
        assertThat(get(path, null).status()).isEqualTo(200);
        assertThat(exchange("POST", moderation, moderator, "{\"status\":\"fine\"}")
                        .text())
                .contains("pending, approved, rejected");
        assertThat(exchange("POST", moderation, moderator, "{}").status()).isEqualTo(400);
        assertThat(exchange("POST", moderation, moderator, "{\"status\":\"approved\",\"x\":1}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void answersFromMemoryOnThreadsOfTheServer(@Autowired WebServerApplicationContext context) {
        Server server = ((JettyWebServer) Objects.requireNonNull(context.getWebServer())).getServer();
        assertThat(server.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
        assertThat(server.getThreadPool()).isInstanceOf(QueuedThreadPool.class);
    }

    @Test
    void handsOutMarkup() throws Exception {
        AssetVersion asset = published(Space.PRODUCT, Map.of("alt", "A \"red\" <chair> & more"));
        String path = "/v1/assets/" + asset.id() + "/srcset";
        String base = "https://media.example.com/media/image/" + asset.id() + "/v1/";
        String expected = """
                <picture>
                  <source type="image/webp" srcset="%1$ssmall-300w.webp 300w, %1$sw600-600w.webp 600w" sizes="50vw">
                  <img src="%1$smedium-600w.jpg" srcset="%1$ssmall-300w.jpg 300w, %1$smedium-600w.jpg 600w" sizes="50vw" \
                width="600" height="400" alt="A &quot;red&quot; &lt;chair&gt; &amp; more" loading="lazy" decoding="async" \
                style="max-width:100%%;height:auto;background-color:#102030;background-image:url(%2$s);background-size:cover">
                </picture>""".formatted(
                base, Placeholder.ofThumbHash("1QcSHQRnh493V4dIh4eXh1h4kJUI").orElseThrow());
        Answer html = get(path + "?sizes=50vw&format=html", viewer);
        assertThat(html.text()).isEqualTo(expected);
        assertThat(html.fields()).containsEntry("content-type", "text/html;charset=utf-8");
        JsonNode snippet = json(get(path + "?sizes=50vw", viewer, "Accept: */*"));
        assertThat(snippet.path("html").asString()).isEqualTo(expected);
        assertThat(snippet.path("width").asInt()).isEqualTo(1500);
        assertThat(snippet.path("placeholder").asString()).startsWith("data:image/png;base64,");
        assertThat(snippet.path("img").path("src").asString()).isEqualTo(base + "medium-600w.jpg");
        assertThat(get(path, viewer, "Accept: text/html,application/xml;q=0.9,*/*;q=0.8")
                        .text())
                .startsWith("<picture>")
                .contains("sizes=\"100vw\"");
        assertThat(get(path + "?alt=&format=html", viewer).text()).contains("alt=\"\"");
        assertThat(get(path + "?sizes=%22onload=", viewer).status()).isEqualTo(400);
        assertThat(get(path + "?format=xml", viewer).status()).isEqualTo(400);
    }
}
