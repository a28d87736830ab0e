package dev.safelight.purge.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.CapturedLog;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class CheckCacheTagsTest {
    private static final Map<String, String> BUNNY = Map.of("kind", "bunny", "zone", "1", "token", "a-token");

    private static String warnings(Map<String, String> edge, Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        try (CapturedLog log = new CapturedLog()) {
            new CheckCacheTags(new Edges(EdgeContract.bind(edge), EdgeContract.CLOCK), environment)
                    .afterSingletonsInstantiated();
            return log.text();
        }
    }

    @Test
    void warnsOfAnEdgeWhoseTagsNoAnswerNames() {
        assertThat(warnings(BUNNY, Map.of()))
                .contains("safelight.purge.edges.mine", "safelight.delivery.cache-tags", "cdn-tag");
        assertThat(warnings(BUNNY, Map.of("safelight.delivery.cache-tags", "cache-tag,surrogate-key")))
                .contains("cdn-tag");
    }

    @Test
    void saysNothingWhereTagsAreNamedOrNotReadOrNotKnownHere() {
        assertThat(warnings(BUNNY, Map.of("safelight.delivery.cache-tags", "cache-tag,cdn-tag")))
                .doesNotContain("cache-tags");
        assertThat(warnings(
                        Map.of(
                                "kind",
                                "cloudfront",
                                "distribution",
                                "D",
                                "access-key",
                                "a",
                                "secret-key",
                                "s",
                                "by",
                                "paths"),
                        Map.of()))
                .doesNotContain("cache-tags");
        assertThat(warnings(BUNNY, Map.of("safelight.roles", "worker"))).doesNotContain("cache-tags");
    }
}
