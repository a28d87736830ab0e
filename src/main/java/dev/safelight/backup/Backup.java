package dev.safelight.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.backup.Manifest.Part;
import dev.safelight.backup.Manifest.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a backup of a data folder, whose server may run meanwhile.
///
/// First the database, as it is at one moment; then every object that this snapshot names. Objects never
/// change under their key, and [dev.safelight.catalog.RemovalLock] keeps them from being removed, so
/// whatever is uploaded, processed or moderated meanwhile, both fit together.
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

    private static final int BATCH = 256;
    private static final int NAMED = 100;

    private final Path data;
    private final String version;
    private final InstantSource clock;
    private final Progress progress;

    private final List<Part> files = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private long missingObjects;
    private long damagedObjects;
    private long objects;
    private long objectBytes;

    /// @param version of Safelight, for the manifest
    public Backup(Path data, String version, InstantSource clock, Progress progress) {
        this.data = data;
        this.version = version;
        this.clock = clock;
        this.progress = progress;
    }

    /// Looks whether a backup can be written there, before anything is started for it.
    ///
    /// @throws Failure CONFLICT when something is there already, or it is within the data
    public static void requireTarget(Path target, Path data) throws IOException {
        Path real = existing(target.toAbsolutePath().normalize());
        if (real.startsWith(data.toRealPath())) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The backup %s would be within the data folder. Choose a folder elsewhere, best on another disk."
                            .formatted(target));
        }
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new Failure(Failure.Kind.CONFLICT, "%s is not a folder. Choose another one.".formatted(target));
        }
        if (Files.isDirectory(target) && !Disk.isEmpty(target)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "%s is not empty. Each backup needs a folder of its own; remove this one if it is a backup that was not finished."
                            .formatted(target));
        }
    }

    /// The real path of what exists of a path, with the rest behind it: links must not lead into the data.
    private static Path existing(Path path) throws IOException {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null
                ? path.toRealPath()
                : existing(parent).resolve(path.getFileName());
    }

    /// Writes a backup that is complete and on the disk when this returns. What a failure leaves of it is
    /// removed.
    ///
    /// @throws Failure CONFLICT, BUSY or UNAVAILABLE, saying what is in the way
    public Manifest run(DataSource database, Path target) throws InterruptedException {
        boolean created = false;
        try {
            requireTarget(target, data);
            created = !Files.exists(target);
            Disk.createFolders(target);
        } catch (IOException failed) {
            throw unwritable(target, failed);
        }
        try {
            return write(database, new BackupFolder(target.toRealPath()));
        } catch (IOException failed) {
            remove(target, created, failed);
            throw unwritable(target, failed);
        } catch (SQLException failed) {
            remove(target, created, failed);
            throw new Failure(
                    Failure.Kind.UNAVAILABLE, "The database could not be read: " + failed.getMessage(), failed);
        } catch (RuntimeException | InterruptedException failed) {
            remove(target, created, failed);
            throw failed;
        }
    }

    /// What was found to have other bytes in the store than were once sent to it, and was copied as it is:
    /// the first of them. What is encrypted is not looked into.
    public List<String> damaged() {
        return List.copyOf(damaged);
    }

    /// How many those are.
    public long damagedObjects() {
        return damagedObjects;
    }

    private static Failure unwritable(Path target, IOException failed) {
        return new Failure(
                Failure.Kind.UNAVAILABLE,
                "The backup could not be written to %s, and %s: %s."
                        .formatted(
                                target,
                                failed.getSuppressed().length == 0
                                        ? "nothing of it is left there"
                                        : "what was written could not be removed",
                                Disk.reason(failed)),
                failed);
    }

    /// A failure of this must not hide why it is done.
    private static void remove(Path target, boolean created, Exception why) {
        try {
            Disk.deleteBelow(target);
            if (created) {
                Files.delete(target);
            }
        } catch (IOException left) {
            LOG.warn("The unfinished backup {} could not be removed: {}", target, Disk.reason(left));
            why.addSuppressed(left);
        }
    }

    private Manifest write(DataSource database, BackupFolder folder)
            throws IOException, SQLException, InterruptedException {
        Files.setPosixFilePermissions(
                folder.root(), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        try (SnapshotRepository snapshot = SnapshotRepository.open(database)) {
            Instant now = clock.instant();
            Disk.requireRoom(folder.root(), snapshot.bytes());
            String schema = snapshot.schema();
            List<Table> tables = copyTables(snapshot, folder);
            Path plan = folder.file("objects.plan");
            Disk.<SQLException>write(plan, snapshot::copyObjects);
            List<Manifest.Sequence> sequences = snapshot.sequences();
            snapshot.release();
            copyObjects(plan, folder);
            Files.delete(plan);
            copyFiles(folder);
            snapshot.requireLocked();
            Manifest manifest = new Manifest(
                    Manifest.FORMAT,
                    version,
                    schema,
                    now,
                    objects,
                    objectBytes,
                    tables,
                    sequences,
                    files,
                    missing,
                    missingObjects);
            folder.finish(manifest);
            return manifest;
        }
    }

    private List<Table> copyTables(SnapshotRepository snapshot, BackupFolder folder) throws IOException, SQLException {
        Disk.createFolders(folder.file("database"));
        List<Table> tables = new ArrayList<>();
        for (Table table : snapshot.tables()) {
            long[] rows = new long[1];
            Disk.<SQLException>write(folder.file(table.file()), out -> rows[0] = snapshot.copy(table, out));
            tables.add(table.withRows(rows[0]));
            note(folder, table.file());
        }
        return tables;
    }

    private void note(BackupFolder folder, String path) throws IOException {
        FileCopy.Content content = FileCopy.read(folder.file(path));
        files.add(new Part(path, content.bytes(), content.sha256()));
    }

    private void copyFiles(BackupFolder folder) throws IOException {
        Disk.createFolders(folder.file("secrets"));
        FileCopy.copy(DataPlaces.storeKeys(data), folder.file(BackupFolder.STORE_KEYS));
        note(folder, BackupFolder.STORE_KEYS);
        for (var place : BackupFolder.OPTIONAL.entrySet()) {
            Path file = data.resolve(place.getValue());
            if (Files.exists(file)) {
                Disk.createFolders(folder.file(place.getKey()).resolveSibling(""));
                FileCopy.copy(file, folder.file(place.getKey()));
                note(folder, place.getKey());
            }
        }
    }

    /// An object that the snapshot names.
    private record Planned(String bucket, String key, boolean required, long bytes) {
        static Planned parse(String line) {
            String[] fields = line.split("\t", -1);
            if (fields.length != 4 || !BlobKey.isValid(fields[1])) {
                throw new IllegalStateException("not the key of an object: " + line);
            }
            return new Planned(fields[0], fields[1], fields[2].equals("t"), Long.parseLong(fields[3]));
        }

        String path() {
            return bucket + "/" + key;
        }
    }

    private void copyObjects(Path plan, BackupFolder folder) throws IOException, InterruptedException {
        progress.planned(planned(plan));
        Disk.createFolders(folder.file("objects"));
        try (BufferedReader lines = Files.newBufferedReader(plan)) {
            Disk.<InterruptedException>write(folder.file(BackupFolder.OBJECT_LIST), out -> {
                List<Planned> few = new ArrayList<>();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    few.add(Planned.parse(line));
                    if (few.size() == BATCH) {
                        copy(few, folder, out);
                        few.clear();
                    }
                }
                copy(few, folder, out);
            });
        }
        note(folder, BackupFolder.OBJECT_LIST);
    }

    private static long planned(Path plan) throws IOException {
        try (var lines = Files.lines(plan)) {
            return lines.map(Planned::parse)
                    .filter(Planned::required)
                    .mapToLong(Planned::bytes)
                    .sum();
        }
    }

    private void copy(List<Planned> few, BackupFolder folder, java.io.OutputStream list)
            throws IOException, InterruptedException {
        List<Optional<FileCopy.Copied>> copied = FileCopy.each(few, one -> copy(one, folder));
        for (int i = 0; i < few.size(); i++) {
            Planned planned = few.get(i);
            Optional<FileCopy.Copied> found = copied.get(i);
            if (found.isPresent()) {
                ObjectEntry entry = found.get().entry();
                list.write((entry.line() + "\n").getBytes(UTF_8));
                objects++;
                objectBytes += entry.bytes();
                if (!found.get().asSent()) {
                    damagedObjects++;
                    if (damaged.size() < NAMED) {
                        damaged.add(entry.name());
                    }
                }
            } else if (planned.required()) {
                missingObjects++;
                if (missing.size() < NAMED) {
                    missing.add(planned.bucket() + ":" + planned.key());
                }
            }
        }
    }

    private Optional<FileCopy.Copied> copy(Planned planned, BackupFolder folder) throws IOException {
        Path object = DataPlaces.objects(data).resolve(planned.path());
        Path copy = folder.file("objects").resolve(planned.path());
        Disk.createFolders(copy.resolveSibling(""));
        try {
            FileCopy.Copied copied = FileCopy.backUp(object, planned.bucket(), planned.key(), copy);
            progress.advanced(copied.entry().bytes());
            return Optional.of(copied);
        } catch (NoSuchFileException failed) {
            if (Files.exists(object)) {
                throw failed;
            }
            return Optional.empty();
        }
    }
}
