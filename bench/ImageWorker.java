import dev.safelight.asset.MediaType;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageLimits;
import dev.safelight.image.ImageProfile;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.RenderedVariant;
import dev.safelight.image.VariantSpec;
import dev.safelight.image.VariantSpec.Fit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Our side of `./run bench image`: the engine as the server runs it, one picture at a time.
///
/// One request per line on stdin: the job, a file, and a folder for the outputs ("-" for none), separated by tabs. The
/// answer is a line with the CPU microseconds of the whole process, collector and compiler included.
final class ImageWorker {
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final Set<String> EIGHT = Set.of("thumb", "small", "medium", "large");

    private final MethodHandle clock;
    private final MemorySegment time;

    private ImageWorker(Arena arena) {
        Linker linker = Linker.nativeLinker();
        clock = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("clock_gettime"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        time = arena.allocate(ValueLayout.JAVA_LONG, 2);
    }

    public static void main(String[] arguments) throws Throwable {
        // One operation at a time on both sides: the ratio is about work, and cores that share a cache blur it.
        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1);
                Arena arena = Arena.ofConfined();
                BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ImageWorker worker = new ImageWorker(arena);
            System.out.println("Safelight, Java " + Runtime.version().feature());
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                String[] request = line.split("\t");
                System.out.println(worker.answer(engine, specs(request[0]), Path.of(request[1]), request[2]));
            }
        }
    }

    private long answer(ImageEngine engine, List<VariantSpec> specs, Path file, String folder) throws Throwable {
        long before = cpuMicros();
        List<RenderedVariant> variants = render(engine, specs, file);
        long spent = cpuMicros() - before;
        if (!folder.equals("-")) {
            for (RenderedVariant variant : variants) {
                VariantSpec spec = variant.spec();
                Files.write(Path.of(folder, spec.name() + "." + spec.format().extension()), variant.bytes());
            }
        }
        return spent;
    }

    private static List<RenderedVariant> render(ImageEngine engine, List<VariantSpec> specs, Path file) throws IOException {
        try {
            return engine.render(file, MediaType.JPEG, specs).variants();
        } catch (ImageRejected e) {
            throw new IOException(file + " was refused: " + e.rejection(), e);
        }
    }

    private static List<VariantSpec> specs(String job) {
        List<VariantSpec> fast = ImageProfile.standard().stream().filter(spec -> EIGHT.contains(spec.name())).toList();
        return switch (job) {
            case "fast" -> fast;
            case "parity" -> fast.stream().map(ImageWorker::likeSharp).toList();
            case "seed4" -> List.of(
                    new VariantSpec("full", MediaType.WEBP, Fit.INSIDE, 0, 0, 80, fullSizeEffort()),
                    new VariantSpec("w300", MediaType.JPEG, Fit.INSIDE, 300, 0, 80, 0),
                    new VariantSpec("medium", MediaType.JPEG, Fit.INSIDE, 800, 600, 85, 0));
            default -> throw new IllegalArgumentException(job);
        };
    }

    /// The defaults of sharp: quality 80 for both formats, WebP effort 4, JPEG with the tables of the standard.
    private static VariantSpec likeSharp(VariantSpec spec) {
        return new VariantSpec(spec.name(), spec.format(), spec.fit(), spec.width(), spec.height(), 80,
                spec.format() == MediaType.WEBP ? 4 : 0).withStandardTables();
    }

    private static int fullSizeEffort() {
        return ImageProfile.standard().stream().filter(spec -> spec.name().equals("full")).findFirst().orElseThrow().effort();
    }

    private long cpuMicros() throws Throwable {
        if ((int) clock.invokeExact(CLOCK_PROCESS_CPUTIME_ID, time) != 0) {
            throw new IOException("the clock of the process cannot be read");
        }
        return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000 + time.getAtIndex(ValueLayout.JAVA_LONG, 1) / 1000;
    }
}
