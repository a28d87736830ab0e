package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The documented ways to upload work as they are written down.
@ExtendWith(ShowServerLog.class)
class UploadDocsIT {
    private static final Pattern SNIPPET = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder = Path.of("");

    @Test
    void uploadsWithCurlAsDocumented() throws Exception {
        String page = Files.readString(Path.of("docs", "uploads.md"));
        String section = page.substring(page.indexOf("## With curl"), page.indexOf("## What happens when"));
        String script = SNIPPET.matcher(section)
                .results()
                .map(snippet -> snippet.group(1))
                .collect(Collectors.joining("\n", "set -euo pipefail\n", "echo all done\n"));
        Path here = Files.createDirectory(folder.resolve("here"));
        Files.writeString(here.resolve("script.sh"), script);
        Files.write(here.resolve("photo.jpg"), Pictures.jpeg(300, 200));
        Files.write(here.resolve("large.jpg"), Pictures.heavyJpeg(12_345_678, 9));
        try (SafelightProcess server = SafelightProcess.serve(
                folder.resolve("data"),
                Map.of("SAFELIGHT_UPLOAD_PARTSIZE", "5MB", "SAFELIGHT_UPLOAD_POLICIES_PRODUCT_DEDUPLICATE", "true"))) {
            ProcessBuilder bash = new ProcessBuilder("bash", "-x", "script.sh")
                    .directory(here.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(here.resolve("out.txt").toFile());
            bash.environment().put("SAFELIGHT_URL", server.url().toString().replaceAll("/$", ""));
            bash.environment().put("SAFELIGHT_KEY", server.adminKey());
            Process running = bash.start();
            boolean isOver = running.waitFor(120, TimeUnit.SECONDS);
            running.destroyForcibly();
            String out = Files.readString(here.resolve("out.txt")).replace(server.adminKey(), "KEY");

            assertThat(isOver).as(out).isTrue();
            assertThat(running.waitFor()).as(out).isZero();
            assertThat(out).endsWith("all done\n");
        }
    }
}
