package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Corpus;
import dev.safelight.testing.PrivateMetadata;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every picture of the corpus, through one demo and back by HTTP.
@ExtendWith(ShowServerLog.class)
class CorpusIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void endsEachPictureAsTheCorpusExpects() {
        List<Corpus.Entry> pictures = Corpus.images().toList();
        assertThat(pictures).hasSizeGreaterThan(50);
        String readable = readableFormats();
        Path data = folder.resolve("data");

        Command demo = demo(data, pictures);

        assertThat(demo.exitCode()).as(demo.err()).isEqualTo(1);
        List<JsonNode> outcomes = demo.json().path("assets").valueStream().toList();
        assertThat(outcomes).hasSameSizeAs(pictures);
        try (SafelightProcess server = SafelightProcess.serve(data);
                ApiUser admin = server.admin()) {
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < pictures.size(); i++) {
                check(softly, pictures.get(i), isReadable(pictures.get(i), readable), outcomes.get(i), admin);
            }
            softly.assertAll();
        }
    }

    private static Command demo(Path data, List<Corpus.Entry> pictures) {
        List<String> arguments =
                new ArrayList<>(List.of("demo", "--once", "--json", "--port", "0", "--data", data.toString()));
        pictures.forEach(picture -> arguments.add(picture.file().toString()));
        return Command.run(arguments.toArray(String[]::new));
    }

    private static String readableFormats() {
        return Command.run("doctor", "--json")
                .json()
                .path("checks")
                .valueStream()
                .filter(check -> check.path("name").asString().equals("reads"))
                .map(check -> check.path("found").asString())
                .findFirst()
                .orElseThrow();
    }

    /// HEIC and JPEG XL depend on the library that is installed.
    private static boolean isReadable(Corpus.Entry picture, String readable) {
        MediaType type = picture.mediaType().orElse(null);
        return switch (type) {
            case HEIC -> readable.contains("heic");
            case JXL -> readable.contains("jxl");
            case null, default -> true;
        };
    }

    private static void check(
            SoftAssertions softly, Corpus.Entry picture, boolean readable, JsonNode outcome, ApiUser admin) {
        String status = outcome.path("status").asString();
        String reason = outcome.path("reason").asString("");
        String ended = status.equals("READY") ? "ok" : reason;
        List<String> allowed = new ArrayList<>(picture.alsoAcceptable());
        allowed.add(readable ? picture.expected() : "unsupported");
        softly.assertThat(ended)
                .as("%s: %s", picture, outcome.path("detail").asString(""))
                .isIn(allowed);
        if (status.equals("READY")) {
            checkDelivered(softly, picture, admin, outcome.path("assetId").asString());
        } else {
            softly.assertThat(status).as(picture.name()).isEqualTo("REJECTED");
            checkWithheld(softly, picture, admin, outcome.path("assetId").asString(""));
        }
    }

    private static void checkDelivered(SoftAssertions softly, Corpus.Entry picture, ApiUser admin, String id) {
        JsonNode asset = admin.asset(id);
        int width = asset.path("facts").path("width").asInt();
        int height = asset.path("facts").path("height").asInt();
        softly.assertThat(List.of(width, height))
                .as("the size of %s as displayed", picture)
                .isEqualTo(List.of(picture.displayWidth(), picture.displayHeight()));
        softly.assertThat(asset.path("variants").valueStream())
                .as("a variant of %s in full size", picture)
                .anySatisfy(variant -> {
                    assertThat(variant.path("width").asInt()).isEqualTo(width);
                    assertThat(variant.path("height").asInt()).isEqualTo(height);
                });
        for (JsonNode variant : asset.path("variants")) {
            byte[] delivered =
                    admin.get(variant.path("url").asString()).expect(200).bytes();
            softly.assertThat(delivered)
                    .as("%s of %s", variant, picture)
                    .hasSize(variant.path("bytes").asInt());
            softly.assertThat(PrivateMetadata.in(delivered))
                    .as("metadata in %s of %s", variant.path("url"), picture)
                    .isEmpty();
        }
    }

    private static void checkWithheld(SoftAssertions softly, Corpus.Entry picture, ApiUser admin, String id) {
        if (!id.isEmpty()) {
            JsonNode asset = admin.asset(id);
            softly.assertThat(asset.path("variants").isEmpty())
                    .as("no variants of %s", picture)
                    .isTrue();
            softly.assertThat(asset.path("detail").asString(""))
                    .as(picture.name())
                    .isNotBlank();
        }
    }
}
