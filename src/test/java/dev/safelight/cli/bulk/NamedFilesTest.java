package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        for (String name : List.of(
                "a.jpg",
                "b.PNG",
                "notes.txt",
                ".hidden.jpg",
                "sub/c.jpg",
                "sub/deep/d.jpg",
                ".git/e.jpg",
                "skip/f.jpg")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private FoundFiles find(FileFilter filter, String... names) throws IOException, InterruptedException {
        return FoundFiles.of(new NamedFiles(
                List.of(names).stream()
                        .map(name -> folder.resolve(name).toString())
                        .toList(),
                filter));
    }

    private static FileFilter filter(List<String> included, List<String> excluded) {
        return new FileFilter(included, excluded);
    }

    @Test
    void takesAllOfAFolderButWhatIsHidden() throws Exception {
        assertThat(find(FileFilter.ALL, "").targets)
                .containsOnlyKeys("a.jpg", "b.PNG", "notes.txt", "sub/c.jpg", "sub/deep/d.jpg", "skip/f.jpg");
    }

    @Test
    void takesWhatIsHiddenWhenItIsNamed() throws Exception {
        assertThat(find(FileFilter.ALL, ".hidden.jpg", ".git").targets).containsOnlyKeys(".hidden.jpg", "e.jpg");
    }

    @Test
    void includesAndExcludesByNameAndByPath() throws Exception {
        assertThat(find(filter(List.of("*.jpg"), List.of("skip")), "").targets)
                .containsOnlyKeys("a.jpg", "sub/c.jpg", "sub/deep/d.jpg");
        assertThat(find(filter(List.of("sub/**"), List.of("**/d.*")), "").targets)
                .containsOnlyKeys("sub/c.jpg");
        assertThat(find(filter(List.of(), List.of("sub/deep", "*.{txt,PNG}")), "").targets)
                .containsOnlyKeys("a.jpg", "sub/c.jpg", "skip/f.jpg");
    }

    @Test
    void matchesGlobsAcrossFoldersAndWithoutAny() throws Exception {
        assertThat(find(FileFilter.ALL, "**/*.jpg").targets)
                .containsOnlyKeys("a.jpg", "sub/c.jpg", "sub/deep/d.jpg", "skip/f.jpg");
        assertThat(find(FileFilter.ALL, "sub/**/*.jpg").targets).containsOnlyKeys("c.jpg", "deep/d.jpg");
        assertThat(find(FileFilter.ALL, "*.jpg").targets).containsOnlyKeys("a.jpg");
        assertThat(find(FileFilter.ALL, ".*.jpg").targets).containsOnlyKeys(".hidden.jpg");
        assertThat(find(FileFilter.ALL, "*.gif").unusable)
                .singleElement()
                .asString()
                .startsWith("no-match: *.gif");
    }

    @Test
    void matchesGlobsWithGroupsAndSets() throws Exception {
        assertThat(find(FileFilter.ALL, "**/*.{jpg,PNG}").targets)
                .containsOnlyKeys("a.jpg", "b.PNG", "sub/c.jpg", "sub/deep/d.jpg", "skip/f.jpg");
        assertThat(find(FileFilter.ALL, "{sub,skip}/**/[a-d].jpg").targets)
                .containsOnlyKeys("sub/c.jpg", "sub/deep/d.jpg");
        assertThat(find(FileFilter.ALL, "s*/*.jpg").targets).containsOnlyKeys("sub/c.jpg", "skip/f.jpg");
        assertThat(find(FileFilter.ALL, "s*/**/**/d.jpg").targets).containsOnlyKeys("sub/deep/d.jpg");
        assertThat(find(filter(List.of(), List.of("**/*.{jpg,txt}")), "").targets)
                .containsOnlyKeys("b.PNG");
    }

    @Test
    void tellsFoldersThatCannotBeReadWhereTheyMightHoldWhatIsMeant() throws Exception {
        Path shut = folder.resolve("sub/shut");
        Files.createDirectories(shut);
        Files.setPosixFilePermissions(shut, Set.of());
        assumeThat(Files.isReadable(shut)).as("an administrator reads all").isFalse();
        try {
            for (String names :
                    List.of("", "**/*.jpg", "sub/*/*.jpg", "s*/**", "sub/{shut,deep}/*", "{sub/shut,x}/*")) {
                assertThat(find(FileFilter.ALL, names).unusable)
                        .as(names)
                        .singleElement()
                        .asString()
                        .startsWith("unreadable: shut: cannot be read: permission denied");
            }
            for (String names : List.of("*.jpg", "sub/*.jpg", "skip/**", "s*/d*/*", "*.{jpg,png}", "sub/{a,b}*/*")) {
                assertThat(find(FileFilter.ALL, names).unusable)
                        .as(names)
                        .noneMatch(told -> told.startsWith("unreadable"));
            }
            assertThat(find(filter(List.of(), List.of("shut")), "").unusable).isEmpty();
            assertThat(find(filter(List.of(), List.of("sub/shut")), "**/*.jpg").unusable)
                    .isEmpty();
        } finally {
            Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void takesAFileLiterallyThoughItLooksLikeAGlob() throws Exception {
        Files.writeString(folder.resolve("x[1].jpg"), "x");

        assertThat(find(FileFilter.ALL, "x[1].jpg").targets).containsOnlyKeys("x[1].jpg");
    }

    @Test
    void followsLinksOnceAroundALoop() throws Exception {
        Files.createSymbolicLink(folder.resolve("sub/loop"), folder);
        Files.createSymbolicLink(folder.resolve("link.jpg"), folder.resolve("a.jpg"));
        Files.createSymbolicLink(folder.resolve("broken.jpg"), folder.resolve("gone.jpg"));

        FoundFiles found = find(FileFilter.ALL, "");

        assertThat(found.files).doesNotHaveDuplicates();
        // A link to nothing is told as a file: that it cannot be read is found when it is read.
        assertThat(found.targets).hasSize(8).containsKeys("link.jpg", "broken.jpg");
        assertThat(found.unusable).isEmpty();
    }

    @Test
    void tellsTheFirstNameThatIsNotThere() {
        assertThat(NamedFiles.absent(List.of(folder.toString(), folder + "/*.gif", folder + "/gone.jpg")))
                .contains(folder + "/gone.jpg");
    }

    @Test
    void refusesMalformedGlobs() {
        assertThatIllegalArgumentException().isThrownBy(() -> filter(List.of("[a"), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamedFiles(List.of("photos/[abc"), FileFilter.ALL))
                .withMessageContaining("photos/[abc");
    }

    @Test
    void tellsLinesOfAListThatAreFoldersOrNoText() throws Exception {
        Path list = folder.resolve("list");
        Files.write(
                list, "%s\nsch\u00f6n.jpg\n".formatted(folder.resolve("sub")).getBytes(StandardCharsets.ISO_8859_1));
        Path named = Files.writeString(folder.resolve("sch\u00f6n.jpg"), "x");
        Files.writeString(list, named + "\n", StandardOpenOption.APPEND);

        FoundFiles found = FoundFiles.of(ListedFiles.in(list));

        assertThat(found.unusable)
                .satisfiesExactly(
                        sub -> assertThat(sub).contains("line 1: it is a folder"),
                        bad -> assertThat(bad).contains("line 2: no UTF-8"));
        assertThat(found.files).containsExactly(named);
    }

    @Test
    void readsAListOfFiles() throws Exception {
        Path list = Files.writeString(
                folder.resolve("list"),
                "%s%n%n%s%n%s".formatted(folder.resolve("a.jpg"), folder.resolve("gone.jpg"), folder.resolve("sub")));

        FoundFiles found = FoundFiles.of(ListedFiles.in(list));

        assertThat(found.files).containsExactly(folder.resolve("a.jpg"));
        assertThat(found.unusable)
                .satisfiesExactly(
                        gone -> assertThat(gone)
                                .startsWith("unreadable: gone.jpg")
                                .contains("line 3"),
                        sub -> assertThat(sub).contains("line 4"));
    }
}
