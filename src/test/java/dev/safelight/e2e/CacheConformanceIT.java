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

    /// Far fewer tests that pass than they are now, more than where the suite does not reach the cache.
    private static final int LEAST = 70;

    @FunctionalInterface
    private interface Starts {
        Shield before(Path folder, int origin);
    }

    @Test
    void nginxKeepsTheRulesThatItKnows() throws Exception {
        assertNoMoreIsBrokenThanWithoutConfiguration("nginx", Shield::nginx);
    }

    @Test
    void varnishKeepsTheRulesThatItKnows() throws Exception {
        assertNoMoreIsBrokenThanWithoutConfiguration("varnish", Shield::varnish);
    }

    /// Of what the RFCs require. The suite comes with results of the plain caches.
    private static void assertNoMoreIsBrokenThanWithoutConfiguration(String kind, Starts starts) throws Exception {
        JsonNode plain = JsonMapper.shared()
                .readTree(PACKAGES.resolve("http-cache-tests/results/" + kind + ".json")
                        .toFile());
        JsonNode results = run(kind, starts);
        Map<String, Integer> sums = new TreeMap<>();
        Map<String, String> broken = new TreeMap<>();
        for (Map.Entry<String, JsonNode> test : results.properties()) {
            JsonNode result = test.getValue();
            String outcome = result.path("outcome").asString();
            sums.merge(result.path("kind").asString() + " " + outcome, 1, Integer::sum);
            boolean required = result.path("kind").asString().equals("required");
            boolean passes = plain.path(test.getKey()).asBoolean(!plain.has(test.getKey()));
            if (required && outcome.equals("fail") && passes) {
                broken.put(test.getKey(), result.path("reason").asString());
            }
        }
        System.out.printf("cache conformance of %s: %s%n", kind, sums);
        assertThat(broken).isEmpty();
        assertThat(sums.get("required pass")).isGreaterThan(LEAST);
    }

    private static JsonNode run(String kind, Starts starts) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("target"), "conformance-" + kind)
                .toAbsolutePath();
        Process suite = new ProcessBuilder(
                        "node",
                        "src/test/resources/cache-conformance.mjs",
                        PACKAGES.toAbsolutePath().toString())
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
                return JsonMapper.shared().readTree(said.readLine());
            }
        } finally {
            suite.destroyForcibly();
            suite.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
