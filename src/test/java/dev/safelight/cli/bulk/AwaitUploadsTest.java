package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.Json;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AwaitUploadsTest {

    private static Order order(byte[] content) {
        FileState state = new FileState(content.length, 7);
        return new Order(0, Path.of("a.jpg"), state, "image/jpeg", "ab12", content, Target.NONE, "product", "");
    }

    /// Thousands may wait at a time.
    @Test
    void keepsNeitherTheBytesOfAFileNorItsGrantWhileItWaits() throws Exception {
        try (BulkServer server = new BulkServer();
                ApiClient api = new ApiClient(server.url(), "key", 0)) {
            AwaitUploads waiting = new AwaitUploads(
                    api, new Results(null, new Listener() {}, new Tally()), Duration.ofMinutes(1), true);
            List<WeakReference<?>> weights = add(waiting);

            await().until(() -> {
                System.gc();
                return weights.stream().allMatch(weight -> weight.refersTo(null));
            });
            assertThat(waiting.waiting()).isEqualTo(1);
        }
    }

    private static List<WeakReference<?>> add(AwaitUploads waiting) throws InterruptedException {
        byte[] content = new byte[50_000];
        JsonNode upload = Json.LINE.valueToTree(Map.of("uploadId", "u1", "grant", Map.of("url", "x")));
        waiting.add(order(content), upload, true);
        return List.of(new WeakReference<>(content), new WeakReference<>(upload));
    }
}
