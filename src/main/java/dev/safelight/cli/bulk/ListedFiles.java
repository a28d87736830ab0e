package dev.safelight.cli.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Files named in a text file, or on standard input, one on each line. What is a folder there is refused.
public final class ListedFiles implements Source {
    /// Keeps each byte as it is.
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

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
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(), BYTES))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    visit(line, number, visitor);
                }
            }
        }
    }

    // Line by line: one that is no text does not spoil the others.
    private static String decoded(String bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(BYTES)))
                .toString();
    }

    private InputStream open() throws IOException {
        return list == null ? System.in : Files.newInputStream(list);
    }

    private void visit(String line, int number, Visitor visitor) throws InterruptedException {
        String where = "%s, line %d: ".formatted(list == null ? "standard input" : list, number);
        Path file;
        try {
            file = Path.of(decoded(line));
        } catch (InvalidPathException malformed) {
            visitor.unusable(Path.of(""), "unreadable", where + "no path.");
            return;
        } catch (CharacterCodingException notText) {
            visitor.unusable(Path.of(""), "unreadable", where + "no UTF-8 text.");
            return;
        }
        if (Files.isDirectory(file)) {
            visitor.unusable(file, "unreadable", where + "it is a folder; a list names files.");
        } else if (!Files.isRegularFile(file)) {
            visitor.unusable(file, "unreadable", where + "there is no such file.");
        } else {
            visitor.file(file, file.toString(), Target.NONE);
        }
    }
}
