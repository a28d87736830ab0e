package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// The command as it is without a store that answers.
class StorageCommandTest {
    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> settings = new HashMap<>();

    @AfterEach
    void forget() {
        settings.keySet().forEach(System::clearProperty);
    }

    private void set(String name, String value) {
        settings.put(name, value);
        System.setProperty(name, value);
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    private void external() {
        set("safelight.s3.endpoint", "http://127.0.0.1:1");
        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            set("safelight.s3.buckets." + bucket, "media-" + bucket);
        }
    }

    private String message() {
        assertThat(err.toString()).doesNotContain("\tat ");
        return err.toString();
    }

    @Test
    void saysOfTheEmbeddedStoreWhatIsBuiltInAndWhatIsNot() throws IOException {
        String data = folder.toString();
        assertThat(run("storage", "check", "--data", data)).isEqualTo(ExitCode.REFUSED);
        assertThat(message()).contains("There is no embedded store in");
        assertThat(run("storage", "apply", "--yes", "--data", data)).isEqualTo(ExitCode.REFUSED);
        assertThat(out.toString()).isEmpty();

        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            Files.createDirectories(folder.resolve("store/objects").resolve(bucket));
        }
        out.getBuffer().setLength(0);
        assertThat(run("storage", "check", "--json", "--data", data)).isEqualTo(ExitCode.OK);

        JsonNode report = Json.MAPPER.readTree(out.toString());
        assertThat(report.path("differs").asBoolean()).isFalse();
        JsonNode processed = report.path("buckets").get(1).path("aspects");
        assertThat(processed.findValuesAsString("aspect"))
                .containsExactly("public-access", "policy", "cors", "lifecycle", "versioning", "tags");
        assertThat(processed.findValuesAsString("state"))
                .containsExactly("built-in", "built-in", "built-in", "unsupported", "ok", "unsupported");
        assertThat(processed.get(3).path("note").asString()).contains("workers remove expired results");
        out.getBuffer().setLength(0);
        assertThat(run("storage", "apply", "--data", data)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Nothing to do");
    }

    @Test
    void saysInOneSentenceWhatIsMissing() {
        set("safelight.s3.endpoint", "http://127.0.0.1:1");
        assertThat(run("storage", "check")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("safelight.s3.keys.admin needs access-key and secret-key");
        external();
        set("safelight.s3.keys.admin.access-key", "A");
        assertThat(run("storage", "check")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("safelight.s3.keys needs both");
        set("safelight.s3.keys.admin.secret-key", "S");
        assertThat(run("storage", "check")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(message()).contains("the store at http://127.0.0.1:1 cannot be reached");
        set("safelight.storage.derived-expiry", "5h");
        assertThat(run("storage", "check")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("safelight.storage.derived-expiry must be whole days");
    }

    @Test
    void refusesUnknownRolesBucketsAndUsers() {
        external();
        assertThat(run("storage", "policy", "--role", "cook")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("there is no role \"cook\"; there are uploader, worker");
        assertThat(run("storage", "policy", "--bucket", "attic")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("there is no bucket \"attic\"; there are raw, processed, user, marketing.");
        assertThat(run("storage", "policy", "--ceph", "worker=w")).isEqualTo(ExitCode.USAGE);
        assertThat(message()).contains("missing: uploader, delivery, renderer, marketing");
        assertThat(run("storage", "apply", "--json")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void printsPoliciesOfRolesAndOfBucketsForUsersOfCeph() {
        external();
        assertThat(run("storage", "policy", "--role", "uploader")).isEqualTo(ExitCode.OK);
        JsonNode uploader = Json.MAPPER.readTree(out.toString());
        assertThat(uploader.path("Statement").size()).isEqualTo(1);
        assertThat(uploader.findValuesAsString("Sid")).containsExactly("InRaw");
        assertThat(out.toString()).doesNotContain("s3:GetObject", "Principal");

        out.getBuffer().setLength(0);
        assertThat(run(
                        "storage",
                        "policy",
                        "--bucket",
                        "user",
                        "--ceph",
                        "uploader=u,worker=w,delivery=d,renderer=r,marketing=t$m"))
                .isEqualTo(ExitCode.OK);
        JsonNode user = Json.MAPPER.readTree(out.toString());
        assertThat(user.findValuesAsString("AWS"))
                .contains("arn:aws:iam:::user/d", "arn:aws:iam::t:user/m", "arn:aws:iam:::user/w");
        assertThat(user.findValuesAsString("Sid"))
                .contains("DeliveryReadsApprovedOnly", "WorkerMay", "MarketingMustNot");
    }
}
