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

    /// As configured, nginx breaks no rule that it keeps otherwise: with the suite come results of it.
    @Test
    void nginxKeepsTheRulesThatItKnows() throws Exception {
        JsonNode plain =
                JsonMapper.shared().readTree(PACKAGES.resolve("http-cache-tests/results/nginx.json").toFile());

        Map<String, String> broken = broken("nginx", Shield::nginx);
        broken.keySet().removeIf(test -> plain.has(test) && !plain.path(test).isBoolean());

        assertThat(broken).isEmpty();
    }

    @Test
    void varnishKeepsTheRules() throws Exception {
        assertThat(broken("varnish", Shield::varnish)).isEmpty();
    }

    /// Which tests of what is required fail, and why.
    private static Map<String, String> broken(String kind, Starts starts) throws Exception {
        JsonNode results = run(kind, starts);
        Map<String, Integer> sums = new TreeMap<>();
        Map<String, String> broken = new TreeMap<>();
        for (Map.Entry<String, JsonNode> test : results.properties()) {
            JsonNode result = test.getValue();
            String outcome = result.path("outcome").asString();
            sums.merge(result.path("kind").asString() + " " + outcome, 1, Integer::sum);
            if (result.path("kind").asString().equals("required") && outcome.equals("fail")) {
                broken.put(test.getKey(), result.path("reason").asString());
            }
        }
        System.out.printf("cache conformance of %s: %s%n", kind, sums);
        return broken;
    }

    private static JsonNode run(String kind, Starts starts) throws IOException, InterruptedException {
        Path folder =
                Files.createTempDirectory(Path.of("target"), "conformance-" + kind).toAbsolutePath();
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
