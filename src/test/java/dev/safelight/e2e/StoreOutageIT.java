package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CutProxy;
import dev.safelight.testing.CutProxy.Script;
import dev.safelight.testing.ExternalStoreSettings;
import dev.safelight.testing.FreePort;
import dev.safelight.testing.Grant;
import dev.safelight.testing.PartedUpload;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The object store, a service of its own, refuses everybody for a while.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class StoreOutageIT {
    private static final int PART = 5 << 20;
    private static final byte[] FILE = Pictures.heavyJpeg(PART + 4321, 2);
    private static final byte[] PICTURE = Pictures.jpeg(120, 90);

    @TempDir
    Path folder = Path.of("");

    @Test
    void goesOnWhereItWasOnceTheStoreIsBack() throws Exception {
        int port = FreePort.take();
        try (CutProxy network = CutProxy.to(port);
                SafelightProcess store =
                        SafelightProcess.serve(folder.resolve("store"), "--s3-port", String.valueOf(port));
                SafelightProcess server =
                        SafelightProcess.serve(folder.resolve("data"), ExternalStoreSettings.of(store, network.url()));
                ApiUser admin = server.admin()) {
            PartedUpload half = begin(admin);
            half.send(1).expect(200);
            PartedUpload whole = begin(admin).sendAll();
            Grant sent = admin.grant(UploadOrder.jpeg("sent.jpg", PICTURE.length));
            network.always(Script.unavailable());
            network.cutAll();

            Reply refused = admin.post(
                            "/v1/uploads",
                            UploadOrder.jpeg("b.jpg", FILE.length)
                                    .with("method", "multipart")
                                    .json())
                    .expectProblem(503);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            Grant form = admin.grant(UploadOrder.jpeg("form.jpg", PICTURE.length));
            whole.complete().expectProblem(503);
            admin.get(half.path() + "/parts").expectProblem(503);
            half.abort().expectProblem(503);
            assertThat(admin.sendForm(sent, PICTURE).status()).isEqualTo(503);
            assertThat(whole.state().path("status").asString()).isEqualTo("PENDING");
            assertThat(server.isAlive()).isTrue();

            network.always(Script.FAITHFUL);
            half.send(2).expect(200);
            for (PartedUpload upload : List.of(half, whole)) {
                upload.complete().expect(202);
                assertThat(upload.awaitEnd().path("status").asString()).isEqualTo("READY");
            }
            for (Grant grant : List.of(form, sent)) {
                admin.sendForm(grant, PICTURE).expect(201);
                assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
            }
        }
    }

    @Test
    void leavesOriginalsAloneWithoutAnIdentityThatMayDeleteThem() throws Exception {
        int port = FreePort.take();
        try (CutProxy network = CutProxy.to(port);
                SafelightProcess store =
                        SafelightProcess.serve(folder.resolve("store"), "--s3-port", String.valueOf(port));
                SafelightProcess server =
                        SafelightProcess.serve(folder.resolve("data"), ExternalStoreSettings.of(store, network.url()));
                ApiUser admin = server.admin()) {
            server.database().sql().sql("""
                    insert into orphan (bucket, object_key, bytes, etag, modified_at, found_at, seen_at)
                    values ('raw', 'raw/2026/01/a.jpg', 1, 'x', now(), now(), now())
                    """).update();

            Reply refused = admin.send(
                            "DELETE", "/v1/orphans/raw/raw/2026/01/a.jpg", HttpRequest.BodyPublishers.noBody())
                    .expectProblem(409);

            assertThat(refused.detail()).contains("safelight.s3.keys.admin");
        }
    }

    private static PartedUpload begin(ApiUser admin) {
        return PartedUpload.begin(admin, UploadOrder.jpeg("large.jpg", FILE.length), FILE);
    }
}
