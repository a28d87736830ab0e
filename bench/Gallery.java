import dev.safelight.asset.MediaType;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageLimits;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Asks the packaged server for every operation and writes the answers as a contact sheet; prints the path of the page.
/// Ends with 1 when anything was not answered with 200.
final class Gallery {
    private static final int UPLOAD_PAUSE_MILLIS = 50;
    private static final String MISSING = new UUID(0x01a1fcc0_fd8f_71b9L, 0x9ae1_1e4ed241e570L).toString();

    private final BenchServer server;
    private final ImageEngine engine;
    private final Path folder;
    private final Path mark;
    private final ContactSheet sheet = new ContactSheet();
    private final Map<Path, String> ids = new HashMap<>();
    private int failures;
    private int done;

    private Gallery(BenchServer server, ImageEngine engine, Path folder, Path mark) {
        this.server = server;
        this.engine = engine;
        this.folder = folder;
        this.mark = mark;
    }

    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(System.getProperty("safelight.project"));
        Path folder = project.resolve("target/gallery");
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            old.forEach(file -> file.toFile().delete());
        }
        Path drawings = Files.createTempDirectory("safelight-gallery-");
        String corpus = System.getenv("SAFELIGHT_CORPUS");
        GalleryPictures pictures = new GalleryPictures(
                corpus == null ? project.resolve("../shared/corpus") : Path.of(corpus).toAbsolutePath(), drawings);
        List<Path> named = Stream.of(arguments).map(name -> Path.of(name).toAbsolutePath()).toList();
        int failures;
        try (BenchServer server = BenchServer.start(Map.of("SAFELIGHT_TRANSFORM_UNSIGNED", "any"));
                ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1)) {
            Gallery gallery = new Gallery(server, engine, folder, pictures.mark());
            gallery.show(GallerySections.of(pictures, named));
            System.out.println(folder.resolve("index.html"));
            failures = gallery.failures;
        } finally {
            try (Stream<Path> files = Files.list(drawings)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(drawings);
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private void show(List<GallerySections.Section> sections) throws Exception {
        int all = sections.stream().mapToInt(section -> section.shots().size()).sum();
        for (GallerySections.Section section : sections) {
            sheet.open(section.title(), section.note());
            for (GallerySections.Shot shot : section.shots()) {
                show(shot);
                System.err.printf("\r%4d of %d, %d failed", ++done, all, failures);
            }
            sheet.close();
        }
        System.err.println();
        sheet.write(folder.resolve("index.html"));
    }

    private void show(GallerySections.Shot shot) throws Exception {
        boolean path = shot.options().startsWith("/");
        String name = shot.picture() == null ? "missing" : shot.picture().getFileName().toString();
        String shown = path ? shot.options() : "?" + shot.options();
        try {
            String id = shot.picture() == null ? MISSING : id(shot.picture());
            String options = shot.options().replace("{mark}", id(mark));
            URI address = URI.create(server.url()
                    + (path ? "/unsafe" + options + "/plain/" + id : "/images/" + id + "?" + options));
            HttpResponse<byte[]> answer = BenchServer.HTTP.send(
                    HttpRequest.newBuilder(address).header("Accept", shot.accept()).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + new String(answer.body()));
            }
            save(answer, shown, name, shot.accept());
        } catch (IOException | ImageRejected e) {
            failures++;
            sheet.failure(shown, name, e.getMessage());
        }
    }

    private void save(HttpResponse<byte[]> answer, String shown, String name, String accept) throws IOException, ImageRejected {
        String said = answer.headers().firstValue("Content-Type").orElse("");
        MediaType type = MediaType.parse(said).orElseThrow(() -> new IOException("200 with the type " + said));
        Path file = Files.write(folder.resolve("%04d.%s".formatted(done, type.extension())), answer.body());
        Probe probe = engine.probe(file, type);
        String size = "%d × %d%s, %,d bytes, %s".formatted(
                probe.width(), probe.height(), probe.frames() > 1 ? " × " + probe.frames() : "", answer.body().length, type.extension());
        Optional<String> timing = answer.headers().firstValue("Server-Timing");
        sheet.picture(file.getFileName().toString(), shown, accept.equals("*/*") ? name : name + ", Accept: " + accept, size, timing.orElse("no timing"));
    }

    private String id(Path file) throws IOException, InterruptedException {
        String known = ids.get(file);
        if (known != null) {
            return known;
        }
        JsonNode end = server.upload(file, UPLOAD_PAUSE_MILLIS);
        if (!end.path("status").asString().equals("READY")) {
            throw new IOException("the upload ended as " + end.path("status").asString() + ": " + end.path("detail").asString(""));
        }
        ids.put(file, end.path("assetId").asString());
        return ids.get(file);
    }
}
