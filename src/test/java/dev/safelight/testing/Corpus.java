package dev.safelight.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real media with known properties, kept beside the repository; CI requires it, a clean clone does without.
public final class Corpus {
    private Corpus() {}

    /// A file of the corpus and what should become of it.
    ///
    /// @param mediaType by content; absent when it is nothing that the platform knows
    /// @param expected `ok` or the word of a [Reason]
    /// @param alsoAcceptable other outcomes of the same kind
    public record Entry(
            String name,
            Path file,
            Optional<MediaType> mediaType,
            int displayWidth,
            int displayHeight,
            int frames,
            boolean hasAlpha,
            @Nullable String colourProfile,
            String kind,
            String expected,
            List<String> alsoAcceptable) {

        public boolean isAccepted() {
            return expected.equals("ok");
        }

        public boolean allows(Reason reason) {
            return expected.equals(reason.text()) || alsoAcceptable.contains(reason.text());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// All files whose content or name is an image.
    public static Stream<Entry> images() {
        return entries()
                .filter(entry -> entry.mediaType()
                        .or(() -> MediaType.ofFileName(entry.name()))
                        .filter(type -> type.kind() == MediaType.Kind.IMAGE)
                        .isPresent());
    }

    public static Entry entry(String name) {
        return entries().filter(entry -> entry.name().equals(name)).findFirst().orElseThrow();
    }

    /// All files; ends the test as skipped where there is no corpus, and as failed in CI.
    public static Stream<Entry> entries() {
        Path folder = folder();
        Path index = folder.resolve("corpus.json");
        if (!Files.exists(index)) {
            if ("true".equals(System.getenv("CI"))) {
                fail("CI needs the media corpus in " + folder.toAbsolutePath());
            }
            assumeTrue(false, "no media corpus in " + folder.toAbsolutePath());
        }
        try {
            List<Entry> entries = new ArrayList<>();
            for (JsonNode node :
                    JsonMapper.shared().readTree(Files.readString(index)).path("files")) {
                entries.add(entry(folder, node));
            }
            return entries.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        String property = System.getProperty("SAFELIGHT_CORPUS", System.getenv("SAFELIGHT_CORPUS"));
        return Path.of(property == null ? "../shared/corpus" : property);
    }

    private static Entry entry(Path folder, JsonNode node) {
        String name = node.path("file").asString();
        List<String> alsoAcceptable = new ArrayList<>();
        node.path("also_acceptable").forEach(word -> alsoAcceptable.add(word.asString()));
        return new Entry(
                name,
                folder.resolve(name),
                MediaType.parse(node.path("media_type").asString("")),
                node.path("display_width").asInt(0),
                node.path("display_height").asInt(0),
                node.path("frames").asInt(1),
                node.path("has_alpha").asBoolean(false),
                node.path("icc_profile").asString(null),
                node.path("kind").asString(""),
                node.path("expect").asString(),
                List.copyOf(alsoAcceptable));
    }
}
