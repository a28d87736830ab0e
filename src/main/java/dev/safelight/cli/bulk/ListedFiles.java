package dev.safelight.cli.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Files named in a text file, or on standard input, one on each line. What is a folder there is refused.
public final class ListedFiles implements Source {
    private final @Nullable Path list;

    private ListedFiles(@Nullable Path list) {
        this.list = list;
    }

    public static ListedFiles in(Path list) {
        return new ListedFiles(list);
    }

    public static ListedFiles onStandardInput() {
        return new ListedFiles(null);
    }

    @Override
    public boolean isRepeatable() {
        return list != null && Files.isRegularFile(list);
    }

    @Override
    public void visit(Visitor visitor) throws IOException, InterruptedException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    visit(line, number, visitor);
                }
            }
        }
    }

    private InputStream open() throws IOException {
        return list == null ? System.in : Files.newInputStream(list);
    }

    private void visit(String line, int number, Visitor visitor) throws InterruptedException {
        String where = "%s, line %d: ".formatted(list == null ? "standard input" : list, number);
        Path file;
        try {
            file = Path.of(line);
        } catch (InvalidPathException malformed) {
            visitor.unusable(Path.of(""), "unreadable", where + "no path.");
            return;
        }
        if (!Files.isRegularFile(file)) {
            visitor.unusable(file, "unreadable", where + "there is no such file.");
        } else {
            visitor.file(file, file.toString(), Target.NONE);
        }
    }
}
