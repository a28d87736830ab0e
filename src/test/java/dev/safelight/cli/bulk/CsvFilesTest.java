package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.safelight.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFilesTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        for (String name : List.of("a.jpg", "b, c.jpg", "sub/d.jpg")) {
            Files.writeString(folder.resolve(name), name);
        }
    }

    private CsvFiles csv(String text) throws IOException {
        return new CsvFiles(Files.writeString(folder.resolve("list.csv"), text));
    }

    @Test
    void readsWhatFilesAreFromTheirRows() throws Exception {
        FoundFiles found = FoundFiles.of(
                csv(
                        "\ufefffile,sku,role,alt\r\na.jpg,A1,front,\"A \"\"red\"\" chair,\nfrom the side\"\r\n\"b, c.jpg\",B2,,\r\n\r\nsub/d.jpg,,back,x"));

        assertThat(found.unusable).isEmpty();
        assertThat(found.targets)
                .containsExactly(
                        Map.entry(
                                "a.jpg",
                                new Target(
                                        "A1", null, "front", Map.of("alt", "A \"red\" chair,\nfrom the side"), null)),
                        Map.entry("b, c.jpg", new Target("B2", null, null, Map.of(), null)),
                        Map.entry("sub/d.jpg", new Target(null, null, "back", Map.of("alt", "x"), null)));
    }

    @Test
    void tellsRowsThatNameNoFileOrOneOfARowBefore() throws Exception {
        FoundFiles found = FoundFiles.of(csv("file,sku\na.jpg,1\ngone.jpg,2\n./sub/../a.jpg,3\n,4\nsub,5\n"));

        assertThat(found.targets).containsOnlyKeys("a.jpg");
        assertThat(found.unusable)
                .satisfiesExactly(
                        gone -> assertThat(gone)
                                .startsWith("unreadable: gone.jpg")
                                .contains("line 3"),
                        twice ->
                                assertThat(twice).startsWith("duplicate: a.jpg").contains("line 4", "in line 2"),
                        empty -> assertThat(empty).startsWith("unreadable").contains("line 5"),
                        sub -> assertThat(sub).contains("line 6"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sku,role\nA,b\n",
                "file,file\na.jpg,b.jpg\n",
                "file,\na.jpg,x\n",
                "file,sku\na.jpg\n",
                "file,sku\na.jpg,1,2\n",
                "file,sku\n\"a.jpg,1\n",
                "file,sku\n\"a.jpg\"x,1\n"
            })
    void refusesMalformedTablesBeforeAnythingIsSent(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> csv(text)).withMessageContaining("list.csv");
    }

    @Test
    void saysThatATableChangedAfterItWasLookedAt() throws IOException {
        CsvFiles table = csv("file,sku\na.jpg,1\n");
        Files.writeString(folder.resolve("list.csv"), "nothing\nof this\n");

        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> FoundFiles.of(table))
                .withMessageContaining("changed")
                .withMessageContaining("list.csv, line 1");
    }

    @Test
    void refusesWhatIsNotText() throws IOException {
        Path table = Files.write(
                folder.resolve("latin.csv"), "file,alt\na.jpg,sch\u00f6n\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CsvFiles(table))
                .withMessageContaining("UTF-8");
    }

    @Property(tries = 200)
    void readsBackEveryCell(@ForAll("cells") List<String> cells) throws Exception {
        Path home = Files.createTempDirectory("csv");
        Path file = Files.writeString(home.resolve("a.jpg"), "a");
        Path table = home.resolve("list.csv");
        try {
            String names =
                    IntStream.range(0, cells.size()).mapToObj(i -> ",c" + i).collect(Collectors.joining());
            String row = cells.stream()
                    .map(cell -> ",\"" + cell.replace("\"", "\"\"") + "\"")
                    .collect(Collectors.joining());
            Files.writeString(table, "file" + names + "\r\na.jpg" + row + "\r\n");

            Target target = Objects.requireNonNull(
                    FoundFiles.of(new CsvFiles(table)).targets.get("a.jpg"));

            for (int i = 0; i < cells.size(); i++) {
                String cell = cells.get(i);
                assertThat(target.metadata().get("c" + i)).isEqualTo(cell.isEmpty() ? null : cell);
            }
        } finally {
            Files.deleteIfExists(table);
            Files.delete(file);
            Files.delete(home);
        }
    }

    @Provide
    Arbitrary<List<String>> cells() {
        return Arbitraries.strings()
                .withCharRange(' ', '\u2000')
                .withChars('"', ',', '\n', '\r', '\t')
                .ofMaxLength(40)
                .list()
                .ofMaxSize(6);
    }
}
