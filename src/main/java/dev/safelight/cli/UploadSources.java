package dev.safelight.cli;

import dev.safelight.cli.bulk.CsvFiles;
import dev.safelight.cli.bulk.FileFilter;
import dev.safelight.cli.bulk.ListedFiles;
import dev.safelight.cli.bulk.NamedFiles;
import dev.safelight.cli.bulk.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which files to upload.
final class UploadSources {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = {
                "Files, folders with all below them, and globs in quotes, such as 'photos/**/*.jpg'.",
                "Hidden files count only when they are named themselves."
            })
    List<String> files = new ArrayList<>();

    @Option(
            names = "--files-from",
            paramLabel = "FILE",
            description = "Takes the files from a list with one path on each line; - is standard input.")
    @Nullable
    String filesFrom;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = {
                "Takes the files from a table with a header (RFC 4180, UTF-8). Column file is a path relative to it;",
                "sku, part and role are what they say; other columns become metadata, such as alt."
            })
    @Nullable
    Path csv;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "Of folders, takes only such files. With / it is held against the path, else the name.")
    List<String> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "Of folders, leaves out such files and folders.")
    List<String> exclude = new ArrayList<>();

    Source source() throws IOException {
        long ways = Stream.of(!files.isEmpty(), filesFrom != null, csv != null)
                .filter(given -> given)
                .count();
        if (ways != 1) {
            throw new CliException(ExitCode.USAGE, "name files or folders, or give one of --files-from and --csv.");
        }
        try {
            return open();
        } catch (IllegalArgumentException malformed) {
            throw wrong(malformed);
        }
    }

    private static CliException wrong(IllegalArgumentException malformed) {
        return new CliException(ExitCode.USAGE, String.valueOf(malformed.getMessage()));
    }

    /// Files, folders and globs.
    static Source named(List<String> names, FileFilter filter) {
        try {
            return new NamedFiles(names, filter);
        } catch (IllegalArgumentException malformed) {
            throw wrong(malformed);
        }
    }

    private Source open() throws IOException {
        if (csv != null) {
            requireReadable(csv);
            if (!Files.isRegularFile(csv)) {
                throw new CliException(
                        ExitCode.USAGE, "--csv %s is read twice, so it must be a file and no pipe.".formatted(csv));
            }
            return new CsvFiles(csv);
        }
        if (filesFrom != null) {
            if (filesFrom.equals("-")) {
                return ListedFiles.onStandardInput();
            }
            requireReadable(Path.of(filesFrom));
            return ListedFiles.in(Path.of(filesFrom));
        }
        requireThere(files);
        return new NamedFiles(files, new FileFilter(include, exclude));
    }

    /// Fails for the first name that is not there, before anything is started or sent.
    static void requireThere(List<String> files) {
        NamedFiles.absent(files).ifPresent(absent -> {
            throw new CliException(ExitCode.USAGE, "there is no file or folder %s.".formatted(absent));
        });
    }

    private static void requireReadable(Path list) {
        if (!Files.isReadable(list) || Files.isDirectory(list)) {
            throw new CliException(ExitCode.USAGE, "%s is not a file that can be read.".formatted(list));
        }
    }

    /// Whether the command names one file, and nothing that could become more.
    boolean isOneFile() {
        return files.size() == 1 && Files.isRegularFile(Path.of(files.getFirst()));
    }

    /// What tells this run from others in the same folder.
    List<String> identity() {
        List<String> all = new ArrayList<>();
        files.forEach(file -> all.add(absolute(Path.of(file))));
        all.add("files-from "
                + (filesFrom == null || filesFrom.equals("-") ? filesFrom : absolute(Path.of(filesFrom))));
        all.add("csv " + (csv == null ? null : absolute(csv)));
        return all;
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }
}
