package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Bucket;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.ExternalS3;
import dev.safelight.testing.FreePort;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A real Ceph pushes its events, set up with the commands of docs/events.md, which need the command line of
/// AWS.
@ExtendWith(ShowServerLog.class)
@Tag("ceph")
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
@EnabledIf(value = "hasAws", disabledReason = "aws, which tells the gateway where to push, is not installed")
class StoreEventsCephIT {
    private static final byte[] PICTURE = Pictures.jpeg(120, 90);
    private static final String SECRET = UUID.randomUUID().toString();
    private static final String PREFIX =
            "events-" + UUID.randomUUID().toString().substring(0, 8);

    private final S3Settings store = ExternalS3.withBuckets(PREFIX);
    private final int port = FreePort.take();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void endTheTopic() throws Exception {
        runFromDocs("ceph-end");
    }

    @Test
    void tellsOfUploads() throws Exception {
        try (SafelightProcess server = serve();
                ApiUser admin = server.admin()) {
            runFromDocs("ceph");
            Grant told = admin.grant(UploadOrder.jpeg("Ein Bild (1).jpg", PICTURE.length));
            admin.sendForm(told, PICTURE).expect(201);

            assertThat(admin.awaitEnd(told).path("status").asString()).isEqualTo("READY");
            assertThat(server.log()).doesNotContain(SECRET);
        }
    }

    static boolean hasAws() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "aws")));
    }

    /// No sweep comes within the time of a test.
    private SafelightProcess serve() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SAFELIGHT_S3_ENDPOINT",
                store.endpoint().toString(),
                "SAFELIGHT_UPLOAD_RECONCILEAFTER",
                "1h",
                "SAFELIGHT_EVENTS_WEBHOOK_SECRETS",
                SECRET,
                "SAFELIGHT_EVENTS_WEBHOOK_SECRETINADDRESS",
                "true"));
        for (Bucket bucket : Bucket.values()) {
            settings.put("SAFELIGHT_S3_BUCKETS_" + bucket.text().toUpperCase(Locale.ROOT), store.name(bucket));
        }
        for (String role : new String[] {"UPLOADER", "WORKER", "DELIVERY"}) {
            settings.put("SAFELIGHT_S3_KEYS_" + role + "_ACCESSKEY", store.accessKey());
            settings.put("SAFELIGHT_S3_KEYS_" + role + "_SECRETKEY", store.secretKey());
        }
        return SafelightProcess.serve(folder.resolve("data"), settings, "--port", String.valueOf(port));
    }

    private void runFromDocs(String block) throws IOException, InterruptedException {
        String page = Files.readString(Path.of("docs/events.md"));
        Matcher found = Pattern.compile("<!-- " + block + " -->\n```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(found.find()).as(block).isTrue();
        ProcessBuilder bash = new ProcessBuilder("bash", "-euc", found.group(1)).redirectErrorStream(true);
        bash.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", store.accessKey(),
                        "AWS_SECRET_ACCESS_KEY", store.secretKey(),
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "S3", store.endpoint().toString(),
                        "RAW", store.name(Bucket.RAW),
                        "TOPIC", PREFIX,
                        "PUSH", "http://127.0.0.1:%d/v1/hooks/store?token=%s".formatted(port, SECRET)));
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
