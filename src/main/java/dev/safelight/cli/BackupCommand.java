package dev.safelight.cli;

import dev.safelight.asset.Failure;
import dev.safelight.backup.Backup;
import dev.safelight.backup.Manifest;
import dev.safelight.backup.VerifyBackup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight backup`: copies the database and the objects of a data folder, and checks such copies.
@Command(
        name = "backup",
        description = {
            "Copies the embedded database and objects of a data folder into a new folder, whether its server runs or not.",
            "The backup holds secrets: whoever reads it can read every picture and use the admin key. Keys that encrypt"
                    + " objects at rest are not in it: keep them elsewhere."
        },
        subcommands = BackupCommand.Verify.class)
final class BackupCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TARGET",
            arity = "0..1",
            description = "The folder to make; one that exists must be empty. Best on another disk.")
    @Nullable
    Path target;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The data folder to back up. Default: ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Option(names = "--json", description = "Prints what was backed up as JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = target;
        if (folder == null) {
            throw new CliException(
                    ExitCode.USAGE, "name the folder that the backup is to be written to: safelight backup TARGET");
        }
        QuietLog.begin();
        BackupSource.requireData(data);
        Backup.requireTarget(folder, data);
        try (BackupSource source = BackupSource.open(data);
                CopyProgress progress = CopyProgress.of("Copying", !noProgress && !json)) {
            Path real = data.toRealPath();
            Backup backup = new Backup(real, VersionCommand.version(), InstantSource.system(), progress);
            Manifest manifest = backup.run(source.database(), folder);
            print(folder, manifest, backup);
            return manifest.missingObjects() + backup.damagedObjects() == 0 ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
        }
    }

    private void print(Path folder, Manifest manifest, Backup backup) {
        var out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> fields = summary("target", folder, manifest);
            fields.put("missingObjects", manifest.missingObjects());
            fields.put("missing", manifest.missing());
            fields.put("damagedObjects", backup.damagedObjects());
            fields.put("damaged", backup.damaged());
            out.println(Json.MAPPER.writeValueAsString(fields));
        } else {
            out.printf("Backed up %s to %s%n", size(manifest), folder);
        }
        name(
                manifest.missingObjects(),
                "%d objects that the database knows are not in the store, so not in the backup:",
                manifest.missing());
        name(
                backup.damagedObjects(),
                "%d objects have other bytes than were sent: they were damaged in the store, and are in the backup as"
                        + " they are. An earlier backup may have them whole:",
                backup.damaged());
    }

    private void name(long number, String sentence, List<String> first) {
        if (number > 0) {
            var err = spec.commandLine().getErr();
            err.printf("safelight: " + sentence + "%n", number);
            first.forEach(object -> err.println("  " + object));
        }
    }

    static Map<String, Object> summary(String name, Path folder, Manifest manifest) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(name, folder.toString());
        fields.put("createdAt", manifest.createdAt().toString());
        fields.put("safelight", manifest.safelight());
        fields.put("schema", manifest.schema());
        fields.put("tables", manifest.tables().size());
        fields.put(
                "rows",
                manifest.tables().stream().mapToLong(Manifest.Table::rows).sum());
        fields.put("objects", manifest.objects());
        fields.put("objectBytes", manifest.objectBytes());
        return fields;
    }

    static String size(Manifest manifest) {
        return "%d objects (%s) and %d tables"
                .formatted(
                        manifest.objects(),
                        AssetText.size(manifest.objectBytes()),
                        manifest.tables().size());
    }

    /// `safelight backup verify TARGET`.
    @Command(name = "verify", description = "Reads all of a backup, and says what is missing or damaged.")
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "TARGET", description = "The folder of the backup.")
        Path target = Path.of("");

        @Option(names = "--no-progress", description = "Shows no progress bar.")
        boolean noProgress;

        @Option(names = "--json", description = "Prints what was found as JSON.")
        boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (CopyProgress progress = CopyProgress.of("Reading", !noProgress && !json)) {
                VerifyBackup.Report report = new VerifyBackup(progress).verify(target);
                print(report);
                return report.damaged() == 0 ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
            } catch (Failure failure) {
                if (failure.kind() == Failure.Kind.UNREADABLE) {
                    throw new CliException(ExitCode.NOT_AS_IT_SHOULD, failure.publicMessage());
                }
                throw failure;
            }
        }

        private void print(VerifyBackup.Report report) {
            if (json) {
                Map<String, Object> fields = summary("backup", target, report.manifest());
                fields.put("damaged", report.damaged());
                fields.put("damages", report.damages());
                spec.commandLine().getOut().println(Json.MAPPER.writeValueAsString(fields));
            } else if (report.damaged() == 0) {
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s is whole: %s of %s%n",
                                target,
                                size(report.manifest()),
                                report.manifest().createdAt());
            }
            if (report.damaged() > 0) {
                var err = spec.commandLine().getErr();
                err.printf("safelight: %d files of %s are missing or damaged:%n", report.damaged(), target);
                report.damages().forEach(damage -> err.println("  " + damage));
            }
        }
    }
}
