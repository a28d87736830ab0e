import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// The memory of the packaged server under a mixed load: many clients that ask for pictures, while further ones are uploaded,
/// hostile ones among them. The last line of stdout is one JSON object.
final class Load {
    private static final int CLIENTS = 64;
    private static final int FEWEST_CLIENTS = 16;
    private static final Duration TIDE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final int UPLOAD_PAUSE_MILLIS = 2000;
    private static final int MOST_SHOWN = 20;
    private static final int MOST_KNOWN = 200;
    private static final String[] FILES = {
        "photo-arctic-fox-12mp.jpg", "photo-milky-way-24mp.jpg", "photo-p3-gps-orient6-12mp.jpg", "photo-flower-progressive.jpg",
        "cmyk-swop-icc.jpg", "orient-landscape-7.jpg", "product-sofa.jpg", "tulips-soft-alpha.png", "room-16bit-hlg.png",
        "palette-256.png", "animated-ball.apng.png", "animated-cat.gif", "animated-squares.webp", "photo-orient6-10mp.webp",
        "cat-20mp.avif", "letters-irot-alpha.avif", "product-bottle-12mp.heic", "bicycles.jxl", "multipage-kofax-8mp.tif",
        "cat-silhouette.svg", "truncated-photo.jpg", "truncated-photo.png", "corrupt-huffman.jpg", "broken-data-stream.png",
        "frame-outside-canvas.gif", "oom-strip.tif", "broken-item.avif", "bomb-16384x16384.png", "bomb-65536x65536.png",
        "xss-script-handlers.svg", "pdf-named.png", "zero-byte.jpg", "one-pixel.psd"
    };

    private final BenchServer server;
    private final List<Path> files;
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final AtomicReference<LoadTally> minute = new AtomicReference<>(new LoadTally());
    private final LoadTally all = new LoadTally();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger refusedAtOnce = new AtomicInteger();
    private final AtomicInteger shown = new AtomicInteger();
    private final List<Long> lastMinute = new ArrayList<>();
    private final List<Long> firstMinute = new ArrayList<>();
    private final long start = System.nanoTime();
    private final long end;

    private Load(BenchServer server, List<Path> files, int minutes) {
        this.server = server;
        this.files = files;
        this.end = start + Duration.ofMinutes(minutes).toNanos();
    }

    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
        Path drawings = Files.createTempDirectory("safelight-load-");
        boolean isGood;
        try (BenchServer server = BenchServer.start(Map.of("SAFELIGHT_TRANSFORM_UNSIGNED", "any"))) {
            Load load = new Load(server, files(drawings), minutes);
            isGood = load.run();
        } finally {
            for (Path file : Files.list(drawings).toList()) {
                Files.delete(file);
            }
            Files.delete(drawings);
        }
        System.exit(isGood ? 0 : 1);
    }

    private static List<Path> files(Path drawings) {
        String variable = System.getenv("SAFELIGHT_CORPUS");
        Path corpus = variable == null
                ? Path.of(System.getProperty("safelight.project")).resolve("../shared/corpus")
                : Path.of(variable).toAbsolutePath();
        GalleryPictures pictures = new GalleryPictures(corpus, drawings);
        return pictures.hasCorpus()
                ? pictures.corpus(FILES)
                : List.of(pictures.card(), pictures.mark(), pictures.several("moving.gif", "gif"), pictures.turned(6), pictures.svg());
    }

    private boolean run() throws Exception {
        for (Path file : files) {
            upload(file);
        }
        System.err.printf("%d pictures uploaded, %d refused; the load begins%n", ids.size(), refused.size() + refusedAtOnce.get());
        System.out.println("minute clients requests    2xx    4xx    429    503  other5xx broken p50ms  p99ms  RSS MB  peak MB");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> client(number)));
        }
        threads.add(Thread.ofVirtual().start(this::uploader));
        try {
            watch();
        } finally {
            for (Thread thread : threads) {
                thread.join(PATIENCE);
            }
        }
        all.add(minute.get());
        Thread.sleep(QUIET);
        showComplaints();
        return report();
    }

    /// Comes and goes with the tide.
    private void client(int number) {
        LoadMix mix = new LoadMix(number, ids, refused);
        try {
            while (!isOver()) {
                if (number >= present()) {
                    Thread.sleep(500);
                } else {
                    ask(mix.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int present() {
        long tide = (System.nanoTime() - start) / TIDE.toNanos();
        return Math.min(CLIENTS, FEWEST_CLIENTS * (int) (1 + tide % 4));
    }

    private void ask(LoadMix.Wish wish) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + wish.path()))
                .header("Accept", wish.accept())
                .timeout(PATIENCE)
                .build();
        long asked = System.nanoTime();
        try {
            HttpResponse<Void> answer = BenchServer.HTTP.send(request, HttpResponse.BodyHandlers.discarding());
            boolean isPolite = answer.headers().firstValue("Retry-After").isPresent();
            if (minute.get().answered(answer.statusCode(), isPolite, (System.nanoTime() - asked) / 1_000_000)) {
                show(answer.statusCode() + " for " + wish);
            }
            if (answer.statusCode() == 429 || answer.statusCode() == 503) {
                Thread.sleep(1000);
            }
        } catch (IOException e) {
            minute.get().broke();
            show(e + " for " + wish);
        }
    }

    private void show(String complaint) {
        if (shown.incrementAndGet() <= MOST_SHOWN) {
            System.out.println(complaint);
        }
    }

    private void uploader() {
        Random random = new Random(1);
        while (!isOver()) {
            try {
                Thread.sleep(UPLOAD_PAUSE_MILLIS);
                upload(files.get(random.nextInt(files.size())));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// What is refused is asked for too.
    private void upload(Path file) throws InterruptedException {
        try {
            JsonNode done = server.upload(file, 100);
            uploads.incrementAndGet();
            List<String> those = done.path("status").asString().equals("READY") ? ids : refused;
            if (those.size() < MOST_KNOWN) {
                those.add(done.path("assetId").asString());
            }
        } catch (IOException e) {
            refusedAtOnce.incrementAndGet();
        }
    }

    private boolean isOver() {
        return System.nanoTime() > end;
    }

    private void watch() throws IOException, InterruptedException {
        List<Long> sizes = new ArrayList<>();
        int row = 0;
        while (!isOver()) {
            Thread.sleep(1000);
            sizes.add(server.memory("VmRSS"));
            boolean isFull = System.nanoTime() - start > Duration.ofMinutes(row + 1).toNanos();
            if (isFull || isOver()) {
                LoadTally past = minute.getAndSet(new LoadTally());
                all.add(past);
                LoadTally.Numbers n = past.numbers();
                System.out.printf("%6d %7d %8d %6d %6d %6d %6d %9d %6d %5d %6d %7d %8d%n", ++row, present(), n.requests(), n.good(),
                        n.refused(), n.busy(), n.unavailable(), n.errors(), n.broken(), n.p50(), n.p99(), sizes.getLast(),
                        server.memory("VmHWM"));
                (firstMinute.isEmpty() ? firstMinute : lastMinute).clear();
                (firstMinute.isEmpty() ? firstMinute : lastMinute).addAll(sizes);
                sizes.clear();
            }
        }
    }

    /// What the server itself held to be a defect.
    private void showComplaints() throws IOException {
        Files.readAllLines(server.data().resolve("log")).stream()
                .filter(line -> line.contains(" ERROR "))
                .limit(MOST_SHOWN)
                .forEach(System.out::println);
    }

    private boolean report() throws IOException {
        LoadTally.Numbers n = all.numbers();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "load");
        result.put("minutes", Duration.ofNanos(end - start).toMinutes());
        result.put("requests", n.requests());
        result.put("ok_2xx", n.good());
        result.put("refused_4xx", n.refused());
        result.put("busy_429", n.busy());
        result.put("unavailable_503", n.unavailable());
        result.put("errors_5xx", n.errors());
        result.put("unanswered", n.broken());
        result.put("uploads", uploads.get());
        result.put("uploads_refused_at_once", refusedAtOnce.get());
        result.put("p50_ms", n.p50());
        result.put("p99_ms", n.p99());
        result.put("rss_high_water_mb", server.memory("VmHWM"));
        result.put("rss_first_minute_mb", mean(firstMinute));
        result.put("rss_last_minute_mb", mean(lastMinute.isEmpty() ? firstMinute : lastMinute));
        result.put("rss_idle_mb", server.memory("VmRSS"));
        System.out.println(BenchServer.JSON.writeValueAsString(result));
        return n.errors() == 0 && n.broken() == 0;
    }

    private static long mean(List<Long> sizes) {
        return Math.round(sizes.stream().mapToLong(Long::longValue).average().orElse(0));
    }
}
