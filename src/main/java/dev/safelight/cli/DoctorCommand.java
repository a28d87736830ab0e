package dev.safelight.cli;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageLimits;
import dev.safelight.image.LibraryReport;
import dev.safelight.store.embedded.UserAttributes;
import dev.safelight.store.encryption.EncryptionKeys;
import dev.safelight.store.encryption.KeyLedger;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `safelight doctor`: looks at everything a server needs, and says what to do about what is missing.
@Command(name = "doctor", description = "Checks Java, natives, formats, the data folder and a running server.")
final class DoctorCommand implements Callable<Integer> {
    private static final long ENOUGH_DISK = 1_000_000_000L;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The data folder to look at. Default: ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    /// How a check ended: fine, of note, or in the way of a server.
    enum Mark {
        ok,
        note,
        fail
    }

    /// @param advice what to do, when there is something to do
    record Check(
            String name, Mark mark, String found, @Nullable String advice) {
        static Check ok(String name, String found) {
            return new Check(name, Mark.ok, found, null);
        }
    }

    @Override
    public Integer call() {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.ok(
                "safelight",
                VersionCommand.version() + " on Java " + Runtime.version().feature()));
        checks.addAll(images());
        checks.add(disk());
        checks.add(attributes());
        checks.add(encryption());
        checks.add(server());
        print(checks);
        return checks.stream().anyMatch(check -> check.mark() == Mark.fail) ? ExitCode.NOT_AS_IT_SHOULD : ExitCode.OK;
    }

    private static List<Check> images() {
        List<Check> checks = new ArrayList<>();
        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1)) {
            LibraryReport report = engine.report();
            report.libraries()
                    .forEach(library -> checks.add(Check.ok("libvips", library.version() + " from " + library.file())));
            checks.add(Check.ok("reads", names(report.readable())));
            checks.add(Check.ok("writes", names(report.writable())));
            report.advice().forEach(advice -> checks.add(new Check("formats", Mark.note, "", advice)));
        } catch (Failure missing) {
            checks.add(new Check("libvips", Mark.fail, "not found", missing.publicMessage()));
        }
        return checks;
    }

    private static String names(Set<MediaType> types) {
        return types.stream()
                .map(type -> type.text().substring(type.text().indexOf('/') + 1))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private Check disk() {
        try {
            FileStore store = Files.getFileStore(existing(data));
            long free = store.getUsableSpace();
            String found = AssetText.size(free) + " free for " + data;
            return free >= ENOUGH_DISK
                    ? Check.ok("disk", found)
                    : new Check("disk", Mark.fail, found, "Free some space, or choose another folder with --data.");
        } catch (IOException failed) {
            return new Check("disk", Mark.fail, failed.toString(), "Choose another folder with --data.");
        }
    }

    private Check attributes() {
        Path folder = existing(data);
        try {
            if (UserAttributes.areKeptIn(folder)) {
                return Check.ok("xattrs", "user attributes work in " + folder);
            }
        } catch (IOException unwritable) {
            return new Check("xattrs", Mark.fail, folder + " cannot be written", "Choose another folder with --data.");
        }
        return new Check(
                "xattrs",
                Mark.fail,
                "no user attributes in " + folder,
                "Use a file system with user extended attributes (ext4, xfs, btrfs), or an external S3.");
    }

    /// What a store itself has noted; which keys a start would have, only that start knows.
    private Check encryption() {
        Path store = data.resolve("store");
        try {
            KeyLedger ledger = KeyLedger.open(store);
            String writer = ledger.writer();
            Set<String> former = new TreeSet<>(ledger.ids());
            former.remove(writer);
            boolean off = writer.equals(EncryptionKeys.NOTHING);
            String found = off
                    ? "off: new objects lie in " + store + " as they are"
                    : "on: new objects are encrypted with the key '" + writer + "'";
            if (!former.isEmpty()) {
                return new Check(
                        "encryption",
                        Mark.note,
                        found + "; others still need " + String.join(", ", former),
                        "Bring them to one key: stop the server, then safelight rekey (see docs/encryption.md).");
            }
            return off
                    ? new Check("encryption", Mark.note, found, "See docs/encryption.md.")
                    : Check.ok("encryption", found);
        } catch (IOException unreadable) {
            return new Check("encryption", Mark.fail, String.valueOf(unreadable.getMessage()), null);
        }
    }

    private Check server() {
        DataFolder folder = new DataFolder(data);
        return folder.readRun()
                .map(run -> reach(URI.create(run.url())))
                .orElseGet(() -> new Check(
                        "server", Mark.note, "none runs on " + folder.path(), "Start one with: safelight serve"));
    }

    private static Check reach(URI url) {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == 200
                    ? Check.ok("server", "ready at " + url)
                    : new Check("server", Mark.fail, "answers " + status + " at " + url, "Look at its log.");
        } catch (IOException unreachable) {
            return new Check("server", Mark.fail, "does not answer at " + url, "Start it again: safelight serve");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Check("server", Mark.note, "not asked", null);
        }
    }

    /// The folder itself or, before the first start, the nearest one above that exists.
    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath();
        while (!Files.isDirectory(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private void print(List<Check> checks) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.MAPPER.writeValueAsString(Map.of("checks", checks)));
            return;
        }
        for (Check check : checks) {
            out.printf("%-5s %-10s %s%n", check.mark(), check.name(), check.found());
            if (check.advice() != null) {
                out.printf("      %-10s %s%n", "", check.advice());
            }
        }
    }
}
