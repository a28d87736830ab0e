package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Shield;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The public suite of tests for HTTP caches, <https://cache-tests.fyi>, against the shields that `deploy/`
/// configures.
///
/// The suite brings its own origin: it tests what a cache makes of answers that Safelight never gives, too.
@Tag("edge")
class CacheConformanceIT {
    private static final Path PACKAGES = Path.of("target/cache-conformance/node_modules");

    @FunctionalInterface
    private interface Starts {
        Shield before(Path folder, int origin);
    }

    @Test
    void nginxKeepsTheRulesThatItKnows() throws Exception {
        assertNothingIsLost("nginx", Shield::nginx);
    }

    @Test
    void varnishKeepsTheRulesThatItKnows() throws Exception {
        assertNothingIsLost("varnish", Shield::varnish);
    }

    /// Of what the RFCs require, whatever the plain cache keeps is kept. It is not where the cache no longer
    /// does what a test builds on.
    private static void assertNothingIsLost(String kind, Starts starts) throws Exception {
        Map<String, Integer> sums = new TreeMap<>();
        Map<String, String> lost = new TreeMap<>();
        for (Map.Entry<String, JsonNode> test : run(kind, starts).properties()) {
            JsonNode result = test.getValue();
            if (!result.path("kind").asString().equals("required")) {
                continue;
            }
            String outcome = result.path("outcome").asString();
            String plain = result.path("plain").asString();
            sums.merge(outcome, 1, Integer::sum);
            sums.merge("plain " + plain, 1, Integer::sum);
            if (plain.equals("pass") && !outcome.equals("pass")) {
                lost.put(test.getKey(), outcome + " " + result.path("reason").asString(""));
            }
        }
        System.out.printf("cache conformance of %s: %s%n", kind, sums);
        assertThat(lost).isEmpty();
        assertThat(sums).containsKey("plain pass");
    }

    private static JsonNode run(String kind, Starts starts) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("target"), "conformance-" + kind)
                .toAbsolutePath();
        Process suite = new ProcessBuilder(
                        "node",
                        "src/test/resources/cache-conformance.mjs",
                        PACKAGES.toAbsolutePath().toString(),
                        kind)
                .redirectError(folder.resolve("suite.log").toFile())
                .start();
        try (BufferedReader said = suite.inputReader(StandardCharsets.UTF_8)) {
            String origin = said.readLine();
            assertThat(origin)
                    .as("the port of the suite; %s", Files.readString(folder.resolve("suite.log")))
                    .isNotNull();
            try (Shield shield = starts.before(folder, Integer.parseInt(origin));
                    var toSuite = suite.outputWriter(StandardCharsets.UTF_8)) {
                toSuite.write(shield.url() + "\n");
                toSuite.flush();
                String results = said.readLine();
                Files.writeString(folder.resolve("results.json"), results);
                return JsonMapper.shared().readTree(results);
            }
        } finally {
            suite.destroyForcibly();
            suite.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
