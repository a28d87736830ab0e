package dev.safelight.cli.bulk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.safelight.cli.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The contract of uploads in little, with faults on demand, for what a real server does too rarely.
public final class BulkServer implements AutoCloseable {
    static final int PART = 1000;

    final Map<String, Upload> byKey = new ConcurrentHashMap<>();
    final Map<String, Upload> byId = new ConcurrentHashMap<>();
    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final Map<String, Map<Integer, byte[]>> parts = new ConcurrentHashMap<>();
    public final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger bodiesTaken = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    final List<Integer> batches = new ArrayList<>();

    /// A grant that was given.
    static final class Upload {
        final String id;
        final JsonNode order;
        volatile String status = "PENDING";
        volatile String reason = "";

        Upload(String id, JsonNode order) {
            this.id = id;
            this.order = order;
        }

        String name() {
            return order.path("fileName").asString();
        }

        long size() {
            return order.path("size").asLong();
        }

        Map<String, Object> view() {
            return new LinkedHashMap<>(
                    Map.of("uploadId", id, "assetId", "asset-of-" + name(), "status", status, "reason", reason));
        }
    }

    /// What to answer instead; null to go on. Asked with method and path.
    public volatile Function<String, @Nullable Integer> fault = request -> null;

    /// What stands in the answers of faults; empty for a problem.
    volatile String faultText = "";

    /// How large requests for grants may be.
    volatile int mostBody = 256 * 1024;

    final AtomicInteger tooLarge = new AtomicInteger();

    /// Until then, on the clock of [System#nanoTime], grants are refused for a second each.
    volatile long busyUntil = System.nanoTime();

    private final HttpServer server;

    public BulkServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// Below a path, as behind a proxy.
    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/app");
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().toString().replaceFirst("^/app", "");
        String request = exchange.getRequestMethod() + " " + path;
        try {
            Integer fails = fault.apply(request);
            if (fails != null) {
                exchange.getResponseHeaders().set("Retry-After", "0");
                if (!faultText.isEmpty()) {
                    answerBytes(exchange, fails, faultText.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                answer(exchange, fails, Map.of("detail", "on demand", "status", fails));
            } else {
                route(exchange, request, path, body);
            }
        } finally {
            exchange.close();
        }
    }

    private void route(HttpExchange exchange, String request, String path, byte[] body) throws IOException {
        String[] steps = path.split("[/?]");
        if (path.startsWith("/v1/") && body.length > mostBody) {
            tooLarge.incrementAndGet();
            answer(exchange, 413, Map.of("status", 413, "detail", "too large"));
            return;
        }
        if (request.equals("POST /v1/uploads/batch")) {
            List<Object> answers = new ArrayList<>();
            json(body).path("uploads").forEach(order -> answers.add(grant(order)));
            synchronized (batches) {
                batches.add(answers.size());
            }
            answer(exchange, 200, Map.of("uploads", answers));
        } else if (request.equals("POST /v1/uploads")) {
            answer(exchange, 200, (Map<?, ?>) grant(json(body)).getOrDefault("upload", Map.of()));
        } else if (request.startsWith("GET /v1/uploads?ids=")) {
            List<Object> found = new ArrayList<>();
            for (String id : path.substring(path.indexOf('=') + 1).split(",")) {
                if (byId.containsKey(id)) {
                    found.add(upload(id).view());
                }
            }
            answer(exchange, 200, Map.of("uploads", found));
        } else if (steps[1].equals("store")) {
            store(exchange, steps, body);
        } else if (request.endsWith("/parts")) {
            parts(exchange, steps[3], request.startsWith("POST") ? json(body) : null);
        } else if (request.endsWith("/complete")) {
            complete(exchange, steps[3]);
        } else if (request.startsWith("DELETE")) {
            upload(steps[3]).status = "FAILED";
            upload(steps[3]).reason = "upload-aborted";
            answer(exchange, 204, null);
        } else {
            answer(exchange, 404, Map.of("detail", "nothing here: " + request));
        }
    }

    private Upload upload(String id) {
        return Objects.requireNonNull(byId.get(id), id);
    }

    private static JsonNode json(byte[] body) {
        return Json.LINE.readTree(new String(body, StandardCharsets.UTF_8));
    }

    /// Decided by the name of the file.
    private Map<String, Object> grant(JsonNode order) {
        String name = order.path("fileName").asString();
        if (busyUntil - System.nanoTime() > 0) {
            return Map.of("problem", Map.of("status", 429, "detail", "later", "retryAfter", 1));
        }
        switch (name) {
            case "malformed.jpg" -> {
                return problem(400, null);
            }
            case "large.jpg" -> {
                return problem(413, "too-large");
            }
            default -> {}
        }
        Upload upload = byKey.computeIfAbsent(
                order.path("idempotencyKey").asString(), key -> new Upload("u" + number.getAndIncrement(), order));
        byId.put(upload.id, upload);
        Map<String, Object> answer = upload.view();
        if (upload.status.equals("PENDING")) {
            Map<String, Object> form =
                    Map.of("method", "POST", "url", url() + "/store/" + upload.id, "fields", Map.of());
            answer.put("grant", upload.size() > 4 * PART && name.endsWith("4") ? multipart(upload.id) : form);
        }
        return Map.of("upload", answer);
    }

    private Map<String, Object> problem(int status, @Nullable String reason) {
        Map<String, Object> problem = new TreeMap<>(Map.of("status", status, "detail", "not this one"));
        if (reason != null) {
            problem.put("reason", reason);
        }
        return Map.of("problem", problem);
    }

    private Map<String, Object> multipart(String id) {
        return Map.of("method", "MULTIPART", "parts", List.of(signed(id, 1), signed(id, 2)));
    }

    private Map<String, Object> signed(String id, int number) {
        return Map.of("partNumber", number, "url", "%s/store/%s/%d/%d".formatted(url(), id, number, requests.get()));
    }

    private void store(HttpExchange exchange, String[] steps, byte[] body) throws IOException {
        Upload upload = upload(steps[2]);
        bodiesTaken.incrementAndGet();
        if (steps.length > 3) {
            parts.computeIfAbsent(steps[2], id -> new ConcurrentHashMap<>()).put(Integer.parseInt(steps[3]), body);
            answer(exchange, 200, null);
            return;
        }
        boolean isNew = objects.putIfAbsent(steps[2], body) == null;
        upload.status = upload.name().equals("slow.jpg") ? "PROCESSING" : "READY";
        answer(exchange, isNew ? 201 : 412, null);
    }

    private void parts(HttpExchange exchange, String id, @Nullable JsonNode wanted) throws IOException {
        List<Object> told = new ArrayList<>();
        if (wanted == null) {
            parts.getOrDefault(id, Map.of())
                    .forEach((number, bytes) -> told.add(Map.of("partNumber", number, "bytes", bytes.length)));
        } else {
            wanted.path("partNumbers").forEach(number -> told.add(signed(id, number.asInt())));
        }
        long size = upload(id).size();
        answer(exchange, 200, Map.of("partBytes", PART, "partCount", (size + PART - 1) / PART, "parts", told));
    }

    private void complete(HttpExchange exchange, String id) throws IOException {
        Upload upload = upload(id);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        new TreeMap<>(parts.getOrDefault(id, Map.of())).values().forEach(whole::writeBytes);
        if (whole.size() != upload.size()) {
            answer(exchange, 409, Map.of("status", 409, "reason", "parts-missing", "detail", "some are missing"));
            return;
        }
        objects.put(id, whole.toByteArray());
        upload.status = "READY";
        answer(exchange, 202, upload.view());
    }

    private static void answer(HttpExchange exchange, int status, @Nullable Map<?, ?> body) throws IOException {
        answerBytes(exchange, status, body == null ? new byte[0] : Json.LINE.writeValueAsBytes(body));
    }

    private static void answerBytes(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
