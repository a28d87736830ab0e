package dev.safelight.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.store.ObjectStore;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadOrder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Erasure of the accounts of end users, on a whole server.
class ErasureTest {
    private final TestServer server = TestServer.shared();
    private final ApiUser admin = new ApiUser(server.url("/"), server.adminKey());
    private final Catalog catalog = server.bean(Catalog.class);
    private final ObjectStore worker = server.bean("workerStore", ObjectStore.class);
    private final String account = "user|" + UUID.randomUUID();
    private final byte[] jpeg = Pictures.jpeg(120, 80);

    @AfterEach
    void close() {
        admin.close();
    }

    private UploadOrder order() {
        return UploadOrder.jpeg("secret-name.jpg", jpeg.length).with("account", account);
    }

    private String path(String rest) {
        return "/v1/accounts/" + account.replace("|", "%7C") + rest;
    }

    private JsonNode erase(String query) {
        return admin.send("DELETE", path(query), BodyPublishers.noBody())
                .expect(202)
                .json();
    }

    private JsonNode erasure() {
        return admin.get(path("/erasure")).expect(200).json();
    }

    private JsonNode awaitEnd() {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        this::erasure,
                        erasure -> erasure.path("state").asString().equals("finished"));
    }

    @Test
    void nothingOfAnErasedAccountIsDeliveredAtOnceAndNothingPersonalStays() throws Exception {
        JsonNode asset = admin.upload(order(), jpeg);
        AssetId id = AssetId.parse(asset.path("id").asString()).orElseThrow();
        CatalogEntry entry = catalog.findCurrent(id).orElseThrow();
        Variant variant = entry.version().variants().getFirst();
        assertThat(asset.path("account").asString()).isEqualTo(account);
        assertThat(admin.get("/v1/assets?account=" + account.replace("|", "%7C"))
                        .expect(200)
                        .json()
                        .path("assets"))
                .hasSize(1);
        String media = "/media/" + variant.key().key().substring("processed/".length());
        admin.anonymous().get(media).expect(200);

        JsonNode begun = erase("");

        admin.anonymous().get(media).expect(404);
        JsonNode shown = admin.asset(id.toString());
        assertThat(shown.path("fileName").asString()).isEqualTo("erased");
        assertThat(shown.has("account")).isFalse();
        assertThat(begun.path("originals").asBoolean()).isFalse();
        JsonNode end = awaitEnd();
        assertThat(end.path("assets").asLong()).isEqualTo(1);
        assertThat(end.path("variants").asLong())
                .isEqualTo(entry.version().derivatives().size());
        assertThat(end.path("originalsRemoved").asLong()).isZero();
        assertThat(worker.head(variant.object())).isEmpty();
        assertThat(worker.head(entry.version().original().key())).isPresent();
        JdbcClient jdbc = server.bean(JdbcClient.class);
        for (String table : new String[] {"account", "asset", "asset_version", "upload", "upload_session"}) {
            String rows = jdbc.sql("select coalesce(string_agg(t::text, ' '), '') from " + table + " t")
                    .query(String.class)
                    .single();
            assertThat(rows.contains(account)).as(table).isFalse();
        }
        assertThat(erase("").path("requestedAt").asString())
                .as("asked again")
                .isEqualTo(begun.path("requestedAt").asString());
    }

    @Test
    void cachesInFrontHearOfAllThatTheAccountHadInOnePurge() {
        String first = admin.upload(order(), jpeg).path("id").asString();
        byte[] another = Pictures.jpeg(100, 80);
        String second = admin.upload(
                        UploadOrder.jpeg("another.jpg", another.length).with("account", account), another)
                .path("id")
                .asString();

        erase("");
        awaitEnd();

        assertThat(server.bean(JdbcClient.class)
                        .sql("""
                                select count(*) from purge where cause = 'withdrawal'
                                  and subjects @> array[cast(:first as text), cast(:second as text)]
                                """)
                        .param("first", first)
                        .param("second", second)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void removesOriginalsWhenAskedAndCountsThemOnce() throws Exception {
        JsonNode asset = admin.upload(order(), jpeg);
        AssetId id = AssetId.parse(asset.path("id").asString()).orElseThrow();
        BlobKey original =
                catalog.findCurrent(id).orElseThrow().version().original().key();
        erase("");
        awaitEnd();

        assertThat(erase("?originals=true").path("state").asString()).isEqualTo("running");
        await().untilAsserted(() -> assertThat(worker.head(original)).isEmpty());
        // Until the grant ends, the same form can bring the same bytes again.
        assertThat(erasure().path("state").asString()).isEqualTo("running");
        server.bean(JdbcClient.class)
                .sql("update upload set expires_at = now() - interval '2 minutes' where asset_id = :id")
                .param("id", id.value())
                .update();
        erase("?originals=true");

        JsonNode end = awaitEnd();
        assertThat(end.path("originalsRemoved").asLong()).isEqualTo(1);
        assertThat(end.path("assets").asLong()).isEqualTo(1);
    }

    @Test
    void endsOpenUploadsAndTakesLaterOnesForAnotherAccount() throws Exception {
        Grant open = admin.grant(order());
        erase("");
        JsonNode end = awaitEnd();
        assertThat(end.path("uploadsAborted").asLong()).isEqualTo(1);
        admin.sendForm(open, jpeg);
        await().untilAsserted(() -> assertThat(admin.get("/v1/uploads/" + open.uploadId())
                        .expect(200)
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("FAILED"));

        JsonNode later = admin.upload(order(), jpeg);

        assertThat(later.path("status").asString()).isEqualTo("READY");
        assertThat(later.has("deletedAt")).isFalse();
        admin.anonymous().get(later.at("/variants/0/url").asString()).expect(200);
    }

    @Test
    void uploadsThatRaceWithAnErasureAreOfOneAccountOrTheOther() throws Exception {
        admin.upload(order(), jpeg);
        AtomicBoolean erased = new AtomicBoolean();
        Thread uploads = Thread.startVirtualThread(() -> {
            while (!erased.get()) {
                admin.post("/v1/uploads", order().json()).expect(201);
            }
        });
        erase("");
        erased.set(true);
        uploads.join();
        awaitEnd();

        JdbcClient jdbc = server.bean(JdbcClient.class);
        Integer left = jdbc.sql("""
                select count(*) from upload u join asset a on a.id = u.asset_id join account c on c.id = a.account
                where c.erased_at is not null and u.state = 'PENDING'
                """).query(Integer.class).single();
        assertThat(left).isZero();
        Integer unpurged = jdbc.sql("""
                select count(*) from asset a join account c on c.id = a.account
                where c.erased_at is not null and a.emptied_at is null
                """).query(Integer.class).single();
        assertThat(unpurged).isZero();
    }

    @Test
    void sessionsOfTheAccountEnd() {
        JsonNode session = admin.post(
                        "/v1/upload-sessions", "{\"space\":\"user\",\"account\":\"%s\"}".formatted(account))
                .expect(201)
                .json();
        String sign = session.path("url").asString().replaceFirst("^https?://[^/]+", "") + "/sign";
        String wanted = "{\"method\":\"PUT\",\"key\":\"%s-a.jpg\",\"contentType\":\"image/jpeg\",\"size\":9}"
                .formatted(UUID.randomUUID());
        assertThat(admin.post(sign, wanted).status()).isEqualTo(200);

        erase("");

        assertThat(admin.post(sign, wanted.replace("-a.jpg", "-b.jpg")).status())
                .isEqualTo(401);
        assertThat(awaitEnd().path("uploadsAborted").asLong()).isEqualTo(1);
    }

    @Test
    void saysWhatAnAccountMayBe() {
        for (String wrong : new String[] {"a/b", "a b", "", "..", "x".repeat(129), "ä"}) {
            String body = UploadOrder.jpeg("a.jpg", 9).with("account", wrong).json();
            assertThat(admin.post("/v1/uploads", body).status()).as(wrong).isEqualTo(400);
        }
        admin.send("DELETE", path(""), BodyPublishers.noBody()).expect(404);
        admin.send("DELETE", path("?originals=perhaps"), BodyPublishers.noBody())
                .expect(400);
        admin.get(path("/erasure")).expect(404);
    }
}
