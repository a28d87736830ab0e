package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Command;
import dev.safelight.testing.DataFolderDatabase;
import dev.safelight.testing.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `safelight demo`: the first command that anybody runs.
class DemoIT {
    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void endDatabase() {
        new DataFolderDatabase(folder.resolve("data")).kill();
    }

    @Test
    void drawsTwoPicturesWhenNoneAreGiven() {
        Command demo = demo();

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        List<JsonNode> assets = assets(demo);
        assertThat(assets).hasSize(2).allSatisfy(DemoIT::isReadyWithEverythingToPaste);
        assertThat(new DataFolderDatabase(folder.resolve("data")).process())
                .as("the database after the end")
                .isEmpty();
    }

    @Test
    void reportsEachFileAndFailsIfOneIsBad() throws IOException {
        byte[] picture = Pictures.cameraJpeg(800, 600, 6);
        Path good = write("good picture.jpg", picture);
        Path text = write("text.jpg", "this is no picture".getBytes(StandardCharsets.UTF_8));
        Path empty = write("empty.png", new byte[0]);
        Path unknown = write("notes.docx", "unknown".getBytes(StandardCharsets.UTF_8));

        Command demo = demo(good, text, empty, unknown);

        assertThat(demo.exitCode()).as(demo.err()).isEqualTo(1);
        List<JsonNode> assets = assets(demo);
        assertThat(assets)
                .extracting(asset -> asset.path("file").asString())
                .containsExactly(good.toString(), text.toString(), empty.toString(), unknown.toString());
        isReadyWithEverythingToPaste(assets.getFirst());
        assertThat(assets.getFirst().path("originalBytes").asLong()).isEqualTo(picture.length);
        isRejected(assets.get(1), "type-mismatch");
        isRejected(assets.get(2), "empty");
        isRejected(assets.get(3), "unsupported");
    }

    @Test
    void refusesAFileThatIsNotThereBeforeItStartsAServer() {
        Command demo = demo(folder.resolve("absent.jpg"));

        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.messages()).singleElement().asString().contains("absent.jpg");
        assertThat(folder.resolve("data").resolve("postgres")).doesNotExist();
    }

    private Command demo(Path... files) {
        List<String> arguments = new ArrayList<>(List.of(
                "demo",
                "--once",
                "--json",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString()));
        for (Path file : files) {
            arguments.add(file.toString());
        }
        return Command.run(arguments.toArray(String[]::new));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static List<JsonNode> assets(Command demo) {
        JsonNode document = demo.json();
        assertThat(document.propertyNames()).containsExactly("assets");
        return document.path("assets").valueStream().toList();
    }

    private static void isReadyWithEverythingToPaste(JsonNode asset) {
        assertThat(asset.path("status").asString()).as(asset.toString()).isEqualTo("READY");
        assertThat(asset.path("assetId").asString()).hasSize(36);
        assertThat(asset.has("reason")).isTrue();
        assertThat(asset.path("reason").isNull()).isTrue();
        assertThat(asset.path("originalBytes").asLong()).isPositive();
        assertThat(asset.path("html").asString()).contains("<img src=\"http://", "srcset=\"", "width=\"", "height=\"");
        assertThat(asset.path("variants").valueStream()).isNotEmpty().allSatisfy(variant -> {
            assertThat(variant.path("name").asString()).isNotBlank();
            assertThat(variant.path("format").asString()).isIn("jpeg", "png", "webp");
            assertThat(variant.path("width").asInt()).isPositive();
            assertThat(variant.path("height").asInt()).isPositive();
            assertThat(variant.path("bytes").asLong()).isPositive();
            assertThat(variant.path("url").asString()).startsWith("http://localhost:");
        });
    }

    private static void isRejected(JsonNode asset, String reason) {
        assertThat(asset.path("status").asString()).as(asset.toString()).isEqualTo("REJECTED");
        assertThat(asset.path("reason").asString()).isEqualTo(reason);
        assertThat(asset.path("detail").asString()).isNotBlank();
        assertThat(asset.path("variants").isArray()).isTrue();
        assertThat(asset.path("variants").isEmpty()).isTrue();
        assertThat(asset.path("html").isNull()).isTrue();
    }
}
