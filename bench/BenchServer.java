import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Safelight in a process of its own, as `./safelight` starts it, with data that are deleted in the end.
final class BenchServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path data;
    private final String url;
    private final String key;

    private BenchServer(Process process, Path data, String url, String key) {
        this.process = process;
        this.data = data;
        this.url = url;
        this.key = key;
    }

    /// A picture that is READY.
    ///
    /// @param millis since the store acknowledged it
    /// @param cpuMillis of the server since the upload began
    /// @param asset as the API tells it
    record Arrival(long millis, double cpuMillis, JsonNode asset) {}

    /// @param environment settings beside the standard ones
    static BenchServer start(Map<String, String> environment) throws Exception {
        // On the disk that the project is on: /tmp is memory on some machines.
        Path project = Path.of(System.getProperty("safelight.project"));
        Path data = Files.createTempDirectory(project.resolve("target"), "bench-");
        ProcessBuilder command = new ProcessBuilder(
                        project.resolve("safelight").toString(),
                        "serve", "--data", data.toString(), "--port", "0")
                .redirectError(data.resolve("log").toFile());
        command.environment().putAll(environment);
        Process process = command.start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IllegalStateException("the server did not start: " + Files.readString(data.resolve("log")));
        }
        String key = Files.readString(data.resolve("admin.key")).strip();
        return new BenchServer(process, data, line.substring(line.lastIndexOf(' ') + 1), key);
    }

    String url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    /// CPU time of the server and of every process of its PostgreSQL, ended ones included.
    double cpuMillis() throws IOException {
        long postmaster = Long.parseLong(
                Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).getFirst().strip());
        double millis = KernelAccounts.cpuMillis(pid(), false) + KernelAccounts.cpuMillis(postmaster, true);
        List<ProcessHandle> children = ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::children).toList();
        for (ProcessHandle child : children) {
            millis += KernelAccounts.cpuMillis(child.pid(), false);
        }
        return millis;
    }

    /// Uploads a picture and waits until it is READY.
    Arrival upload(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        String type = name.endsWith(".png") ? "image/png" : name.endsWith(".webp") ? "image/webp" : "image/jpeg";
        JsonNode upload = api("/v1/uploads", JSON.writeValueAsString(
                Map.of("fileName", name, "contentType", type, "size", bytes.length)));
        HttpRequest form = form(upload.path("grant"), bytes);
        double cpu = cpuMillis();
        HttpResponse<String> stored = HTTP.send(form, HttpResponse.BodyHandlers.ofString());
        long acknowledged = System.nanoTime();
        if (stored.statusCode() / 100 != 2) {
            throw new IOException("the store answered " + stored.statusCode() + ": " + stored.body());
        }
        String path = "/v1/uploads/" + upload.path("uploadId").asString();
        JsonNode state;
        do {
            Thread.sleep(5);
            state = api(path, null);
        } while (List.of("PENDING", "PROCESSING").contains(state.path("status").asString()));
        long millis = (System.nanoTime() - acknowledged) / 1_000_000;
        if (!state.path("status").asString().equals("READY")) {
            throw new IOException(name + " ended as " + state);
        }
        double spent = cpuMillis() - cpu;
        return new Arrival(millis, spent, api("/v1/assets/" + state.path("assetId").asString(), null));
    }

    private JsonNode api(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private static HttpRequest form(JsonNode grant, byte[] bytes) throws IOException {
        String boundary = "safelight-bench";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, JsonNode> field : grant.path("fields").properties()) {
            body.write("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(boundary, field.getKey(), field.getValue().asString())
                    .getBytes(StandardCharsets.UTF_8));
        }
        body.write("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
                .formatted(boundary).getBytes(StandardCharsets.UTF_8));
        body.write(bytes);
        body.write("\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(grant.path("url").asString()))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
        try (Stream<Path> tree = Files.walk(data)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
