package dev.safelight.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command finds its server and its key.
final class ClientOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:SAFELIGHT_URL}",
            description = "The server. Default: $SAFELIGHT_URL, else the one that runs on --data")
    @Nullable
    String url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File with the API key. Default: $SAFELIGHT_KEY, else admin.key in --data")
    @Nullable
    Path keyFile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Data folder of a local server. Default: ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    ApiClient connect() throws IOException {
        return connect(Backoff.STANDARD);
    }

    /// @param retries how often a request is sent again that was not answered, or with a passing problem
    ApiClient connect(int retries) throws IOException {
        URI server = server();
        String key = key();
        if (!key.matches("[\\x21-\\x7e]{1,200}")) {
            throw new CliException(ExitCode.USAGE, "the API key holds spaces, line breaks or other odd characters.");
        }
        return new ApiClient(server, key, retries);
    }

    private URI server() {
        if (url != null && !url.isBlank()) {
            try {
                URI given = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
                if (given.getHost() != null && String.valueOf(given.getScheme()).matches("https?")) {
                    return given;
                }
            } catch (IllegalArgumentException malformed) {
                // reported below, like other things that are no URL of a server
            }
            throw new CliException(ExitCode.USAGE, "--url must look like http://localhost:8080, not " + url);
        }
        DataFolder folder = new DataFolder(data);
        return folder.readRun()
                .map(run -> URI.create(run.url()))
                .orElseThrow(() -> new CliException(
                        ExitCode.UNREACHABLE,
                        "no server runs on %s. Start one with: safelight serve --data %s, or name one with --url."
                                .formatted(folder.path(), data)));
    }

    private String key() throws IOException {
        if (keyFile != null) {
            if (Files.isDirectory(keyFile) || !Files.isReadable(keyFile)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "the key file %s %s. Needed is a file with an API key in it, such as admin.key in the data folder."
                                .formatted(keyFile, Files.isDirectory(keyFile) ? "is a folder" : "cannot be read"));
            }
            try {
                return Files.readString(keyFile).strip();
            } catch (CharacterCodingException binary) {
                throw new CliException(
                        ExitCode.USAGE, "the key file %s is no text: it must hold an API key.".formatted(keyFile));
            }
        }
        String fromEnvironment = System.getenv("SAFELIGHT_KEY");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment.strip();
        }
        return new DataFolder(data)
                .readKey()
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE, "no API key: set SAFELIGHT_KEY, or use --key-file or --data."));
    }
}
