package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Asks for grants, as many at a time as are waiting for one: the first file is never held up for others.
final class GrantUploads {
    private static final int MOST = 100;

    /// Grants are used within minutes, so few are asked for ahead when files are large.
    private static final long MOST_BYTES = 64L << 20;

    private final ApiClient api;
    private final Results results;
    private final int retries;
    private boolean grantedAny;

    GrantUploads(ApiClient api, Results results, int retries) {
        this.api = api;
        this.results = results;
        this.retries = retries;
    }

    /// @param upload as the server answered, with a grant if bytes are to be sent
    record Granted(Order order, JsonNode upload) {}

    void run(Channel<Order> orders, Channel<Granted> granted) throws IOException, InterruptedException {
        for (Order first = orders.take(); first != null; first = orders.take()) {
            List<Order> batch = new ArrayList<>(List.of(first));
            long[] bytes = {first.bytes()};
            while (batch.size() < MOST) {
                Order more = orders.takeIf(next -> bytes[0] + next.bytes() <= MOST_BYTES);
                if (more == null) {
                    break;
                }
                batch.add(more);
                bytes[0] += more.bytes();
            }
            grant(batch, granted);
        }
    }

    private void grant(List<Order> batch, Channel<Granted> granted) throws IOException, InterruptedException {
        Backoff backoff = new Backoff(retries);
        List<Order> asked = batch;
        while (!asked.isEmpty()) {
            List<Order> again = new ArrayList<>();
            Duration wish = null;
            List<JsonNode> answers = ask(asked);
            requireRights(answers);
            for (int i = 0; i < asked.size(); i++) {
                Order order = asked.get(i);
                JsonNode problem = answers.get(i).path("problem");
                if (!problem.isObject()) {
                    grantedAny = true;
                    granted.put(new Granted(order, answers.get(i).path("upload")));
                    continue;
                }
                ApiProblem refusal = ApiProblem.of(problem);
                if (refusal.isPassing() && !backoff.isOver()) {
                    again.add(order);
                    wish = refusal.retryAfter();
                } else {
                    results.ended(order.number(), Outcome.refused(order, refusal));
                }
            }
            if (again.size() < asked.size()) {
                // A server that takes some at a time is not one that takes none.
                backoff = new Backoff(retries);
            }
            if (!again.isEmpty()) {
                backoff.pause(wish);
            }
            asked = again;
        }
    }

    /// A key that may do nothing at all is told once, and not for each of ten thousand files.
    private void requireRights(List<JsonNode> answers) {
        boolean allRefused = answers.stream().allMatch(answer -> isAboutKey(answer.path("problem")));
        if (!grantedAny && allRefused) {
            throw ApiProblem.of(answers.getFirst().path("problem"));
        }
    }

    private static boolean isAboutKey(JsonNode problem) {
        return problem.isObject() && ApiProblem.of(problem).isAboutKey();
    }

    private List<JsonNode> ask(List<Order> orders) throws IOException, InterruptedException {
        Map<String, Object> request =
                Map.of("uploads", orders.stream().map(Order::request).toList());
        // Each order has a key of its own, so all of it may be sent again.
        JsonNode answer =
                api.post("/v1/uploads/batch", request, UUID.randomUUID().toString());
        List<JsonNode> answers = answer.path("uploads").valueStream().toList();
        if (answers.size() != orders.size()) {
            throw new IOException("the server answered %d of %d requests for uploads; is its version older?"
                    .formatted(answers.size(), orders.size()));
        }
        return answers;
    }

    /// The same upload, with a grant that can be used from now on.
    JsonNode renew(Order order) throws IOException, InterruptedException {
        return api.post("/v1/uploads", order.request(), order.idempotencyKey());
    }
}
