package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The documented ways to upload work as they are written down.
@ExtendWith(ShowServerLog.class)
class UploadDocsIT {
    private static final Pattern SNIPPET = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

    private static final Pattern TABLE = Pattern.compile("```csv\n(.*?)```", Pattern.DOTALL);

    /// The command, as if it were installed.
    private static final String SAFELIGHT = "safelight() { \"$JAVA\" -jar \"$JAR\" \"$@\"; }\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void uploadsWithCurlAsDocumented() throws Exception {
        Path here = Files.createDirectory(folder.resolve("here"));
        Files.write(here.resolve("photo.jpg"), Pictures.jpeg(300, 200));
        Files.write(here.resolve("large.jpg"), Pictures.heavyJpeg(12_345_678, 9));

        runSection("## With curl", "## From the command line", here);
    }

    @Test
    void uploadsFromTheCommandLineAsDocumented() throws Exception {
        Path here = Files.createDirectory(folder.resolve("here"));
        Files.write(here.resolve("logo.png"), Pictures.png(60, 40));
        Files.write(here.resolve("photo.jpg"), Pictures.jpeg(300, 200));
        Files.write(here.resolve("better.jpg"), Pictures.jpeg(330, 220));
        Files.createDirectories(here.resolve("photos/raw"));
        Files.write(here.resolve("photos/one.jpg"), Pictures.jpeg(90, 60));
        Files.write(here.resolve("photos/raw/two.jpg"), Pictures.jpeg(60, 90));
        Files.createDirectory(here.resolve("products"));
        Files.write(here.resolve("products/A-1_front.jpg"), Pictures.jpeg(80, 60));
        Files.write(here.resolve("products/A-1_back.jpg"), Pictures.jpeg(70, 60));
        Matcher table = TABLE.matcher(section("## From the command line", "## What happens when"));
        assertThat(table.find()).isTrue();
        Files.writeString(here.resolve("list.csv"), table.group(1));

        String out = runSection("## From the command line", "## What happens when", here);

        assertThat(out).contains("sku=A-1 role=front");
    }

    private static String section(String from, String to) throws IOException {
        String page = Files.readString(Path.of("docs", "uploads.md"));
        return page.substring(page.indexOf(from), page.indexOf(to));
    }

    private String runSection(String from, String to, Path here) throws Exception {
        String script = SNIPPET.matcher(section(from, to))
                .results()
                .map(snippet -> snippet.group(1))
                .collect(Collectors.joining("\n", "set -euo pipefail\n" + SAFELIGHT, "echo all done\n"));
        Files.writeString(here.resolve("script.sh"), script);
        try (SafelightProcess server = SafelightProcess.serve(
                folder.resolve("data"),
                Map.of("SAFELIGHT_UPLOAD_PARTSIZE", "5MB", "SAFELIGHT_UPLOAD_POLICIES_PRODUCT_DEDUPLICATE", "true"))) {
            ProcessBuilder bash = new ProcessBuilder("bash", "-x", "script.sh")
                    .directory(here.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(here.resolve("out.txt").toFile());
            bash.environment().put("SAFELIGHT_URL", server.url().toString().replaceAll("/$", ""));
            bash.environment().put("SAFELIGHT_KEY", server.adminKey());
            bash.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
            bash.environment()
                    .put(
                            "JAVA",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString());
            bash.environment()
                    .put(
                            "JAR",
                            Path.of("target", "safelight.jar").toAbsolutePath().toString());
            Process running = bash.start();
            boolean isOver = running.waitFor(180, TimeUnit.SECONDS);
            running.destroyForcibly();
            String out = Files.readString(here.resolve("out.txt")).replace(server.adminKey(), "KEY");

            assertThat(isOver).as(out).isTrue();
            assertThat(running.waitFor()).as(out).isZero();
            assertThat(out).endsWith("all done\n");
            return out;
        }
    }
}
