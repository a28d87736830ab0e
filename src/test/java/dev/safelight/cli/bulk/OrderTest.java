package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static Order order(Target target, String salt) {
        FileState state = new FileState(5, 7);
        return new Order(0, Path.of("a.jpg"), state, "image/jpeg", "ab12", null, target, "product", salt);
    }

    private static Target target(@Nullable String sku, @Nullable String role, Map<String, String> metadata) {
        return new Target(sku, null, role, metadata, null);
    }

    private static void assertDiffer(Target one, Target other) {
        assertThat(order(one, "").idempotencyKey())
                .isNotEqualTo(order(other, "").idempotencyKey());
        assertThat(Order.fingerprint(one)).isNotEqualTo(Order.fingerprint(other));
    }

    @Test
    void isAnotherUploadForEachTarget() {
        assertDiffer(target("A", null, Map.of()), target("B", null, Map.of()));
        assertDiffer(target(null, "x, sku=y", Map.of()), target("y", "x", Map.of()));
        assertDiffer(target(null, null, Map.of("a", "1, b=2")), target(null, null, Map.of("a", "1", "b", "2")));
    }

    @Test
    void isTheSameUploadForTheSameTargetWhateverTheOrder() {
        Target one = target(null, null, Map.of("a", "1", "b", "2", "c", "3"));
        Target other = target(null, null, Map.of("c", "3", "b", "2", "a", "1"));

        assertThat(order(one, "").idempotencyKey()).isEqualTo(order(other, "").idempotencyKey());
        assertThat(order(one, "s").idempotencyKey())
                .isNotEqualTo(order(other, "").idempotencyKey());
    }
}
