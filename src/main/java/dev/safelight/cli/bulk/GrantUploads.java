package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Backoff;
import dev.safelight.cli.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Asks for grants, as many at a time as are waiting for one: the first file is never held up for others.
final class GrantUploads {
    private static final int MOST = 100;

    /// Few are asked for ahead when files are large: a grant that ended before its turn costs a request of its
    /// own.
    private static final long MOST_BYTES = 64L << 20;

    /// Servers take so much JSON, and a little more.
    private static final long MOST_JSON = 240 * 1024;

    private static final int MOST_ABORTED = 5;
    private static final int TOO_LARGE = 413;

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
            Room room = Room.EMPTY.with(first);
            while (batch.size() < MOST) {
                Room before = room;
                Order more = orders.takeIf(next -> before.with(next).isEnough());
                if (more == null) {
                    break;
                }
                batch.add(more);
                room = before.with(more);
            }
            grant(batch, granted);
        }
    }

    /// What the orders of a batch take.
    private record Room(long bytes, long json) {
        static final Room EMPTY = new Room(0, 0);

        Room with(Order order) {
            int length = Json.LINE.writeValueAsBytes(order.request()).length + 1;
            return new Room(bytes + order.bytes(), json + length);
        }

        boolean isEnough() {
            return bytes <= MOST_BYTES && json <= MOST_JSON;
        }
    }

    private void grant(List<Order> batch, Channel<Granted> granted) throws IOException, InterruptedException {
        Backoff backoff = new Backoff(retries);
        List<Order> asked = batch;
        while (!asked.isEmpty()) {
            List<Order> again = new ArrayList<>();
            Duration wish = Duration.ZERO;
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
                    wish = longer(wish, refusal.retryAfter());
                } else {
                    results.ended(order.number(), Outcome.refused(order, refusal));
                }
            }
            if (again.size() < asked.size()) {
                // A server that takes some at a time is not one that takes none.
                backoff = new Backoff(retries);
            }
            if (!again.isEmpty()) {
                backoff.pause(wish.isZero() ? null : wish);
            }
            asked = again;
        }
    }

    private static Duration longer(Duration one, @Nullable Duration other) {
        return other == null || other.compareTo(one) < 0 ? one : other;
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
        JsonNode answer;
        try {
            // Each order has a key of its own, so all of it may be sent again.
            answer = api.post("/v1/uploads/batch", request);
        } catch (ApiProblem problem) {
            if (problem.status() != TOO_LARGE) {
                throw problem;
            }
            return askInHalves(orders, problem);
        }
        List<JsonNode> answers = answer.path("uploads").valueStream().toList();
        if (answers.size() != orders.size()) {
            throw new IOException("the server answered %d of %d requests for uploads; is its version older?"
                    .formatted(answers.size(), orders.size()));
        }
        return answers;
    }

    private List<JsonNode> askInHalves(List<Order> orders, ApiProblem problem)
            throws IOException, InterruptedException {
        if (orders.size() == 1) {
            return List.of(Json.LINE.valueToTree(
                    Map.of("problem", Map.of("status", problem.status(), "detail", problem.detail()))));
        }
        int half = orders.size() / 2;
        List<JsonNode> answers = new ArrayList<>(ask(orders.subList(0, half)));
        answers.addAll(ask(orders.subList(half, orders.size())));
        return answers;
    }

    /// The same upload, with a grant that can be used from now on.
    JsonNode renew(Order order) throws IOException, InterruptedException {
        return api.post("/v1/uploads", order.request());
    }

    /// An upload that was given up, for example because the file changed while it was sent, stays so for as
    /// long as
    /// the server remembers it: instead of it, another one for the same file.
    Granted insteadOfAborted(Granted granted) throws IOException, InterruptedException {
        Granted last = granted;
        for (int i = 0; i < MOST_ABORTED && isAborted(last.upload()); i++) {
            // Not at random: another run finds the same one.
            Order other = last.order().withSalt(last.upload().path("uploadId").asString());
            last = new Granted(other, renew(other));
        }
        return last;
    }

    private static boolean isAborted(JsonNode upload) {
        return upload.path("status").asString("").equals(Outcome.FAILED)
                && upload.path("reason").asString("").equals("upload-aborted");
    }
}
