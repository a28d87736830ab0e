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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Safelight in a process of its own, as `./safelight` starts it, with data that are deleted in the end.
final class BenchServer implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"), Map.entry("png", "image/png"),
            Map.entry("webp", "image/webp"), Map.entry("avif", "image/avif"), Map.entry("gif", "image/gif"),
            Map.entry("heic", "image/heic"), Map.entry("jxl", "image/jxl"), Map.entry("tif", "image/tiff"),
            Map.entry("tiff", "image/tiff"), Map.entry("svg", "image/svg+xml"), Map.entry("mp4", "video/mp4"),
            Map.entry("pdf", "application/pdf"));

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
        return start(environment, List.of(), List.of());
    }

    /// @param launcher a program, with its arguments, that starts the server
    /// @param options of `serve` beside the standard ones
    static BenchServer start(Map<String, String> environment, List<String> launcher, List<String> options)
            throws Exception {
        // On the disk that the project is on: /tmp is memory on some machines.
        Path project = Path.of(System.getProperty("safelight.project"));
        Path data = Files.createTempDirectory(project.resolve("target"), "bench-");
        List<String> line = new ArrayList<>(launcher);
        line.addAll(List.of(
                project.resolve("safelight").toString(), "serve", "--data", data.toString(), "--port", "0"));
        line.addAll(options);
        ProcessBuilder command = new ProcessBuilder(line).redirectError(data.resolve("log").toFile());
        command.environment().putAll(environment);
        Process process = command.start();
        String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (said == null) {
            throw new IllegalStateException("the server did not start: " + Files.readString(data.resolve("log")));
        }
        // Where the database has an admin key already, none is added.
        Path keyFile = data.resolve("admin.key");
        String key = Files.exists(keyFile) ? Files.readString(keyFile).strip() : "";
        return new BenchServer(process, data, said.substring(said.lastIndexOf(' ') + 1), key);
    }

    String url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    Path data() {
        return data;
    }

    /// A line of the kernel's account of the process, such as VmRSS or VmHWM, in whole megabytes.
    long memory(String line) throws IOException {
        return KernelAccounts.megabytes(pid(), line);
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

    /// Uploads a picture that must become READY.
    Arrival upload(Path file) throws Exception {
        Granted granted = grant(file);
        double cpu = cpuMillis();
        send(granted);
        long acknowledged = System.nanoTime();
        JsonNode state = settled(granted, 5);
        long millis = (System.nanoTime() - acknowledged) / 1_000_000;
        if (!state.path("status").asString().equals("READY")) {
            throw new IOException(file.getFileName() + " ended as " + state);
        }
        double spent = cpuMillis() - cpu;
        return new Arrival(millis, spent, api("/v1/assets/" + state.path("assetId").asString(), null));
    }

    /// An upload that was granted: where it is told about, and the form that brings its bytes.
    record Granted(String path, HttpRequest form) {}

    Granted grant(Path file) throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        JsonNode upload = api("/v1/uploads", JSON.writeValueAsString(Map.of(
                "fileName", name, "contentType", TYPES.getOrDefault(ending, "application/octet-stream"), "size", bytes.length)));
        return new Granted("/v1/uploads/" + upload.path("uploadId").asString(), form(upload.path("grant"), bytes));
    }

    /// The upload at its end: READY, REJECTED or FAILED.
    JsonNode settled(Granted granted, int pauseMillis) throws IOException, InterruptedException {
        JsonNode state = api(granted.path(), null);
        while (List.of("PENDING", "RECEIVED", "PROCESSING").contains(state.path("status").asString())) {
            Thread.sleep(pauseMillis);
            state = api(granted.path(), null);
        }
        return state;
    }

    /// Uploads a picture, whatever becomes of it.
    JsonNode upload(Path file, int pauseMillis) throws IOException, InterruptedException {
        Granted granted = grant(file);
        send(granted);
        return settled(granted, pauseMillis);
    }

    static void send(Granted granted) throws IOException, InterruptedException {
        HttpResponse<String> stored = HTTP.send(granted.form(), HttpResponse.BodyHandlers.ofString());
        if (stored.statusCode() / 100 != 2) {
            throw new IOException("the store answered " + stored.statusCode() + ": " + stored.body());
        }
    }

    /// @param body absent for a GET
    JsonNode api(String path, String body) throws IOException, InterruptedException {
        return JSON.readTree(request(path, body));
    }

    /// What a GET answers, as it is.
    String text(String path) throws IOException, InterruptedException {
        return request(path, null);
    }

    private String request(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
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
