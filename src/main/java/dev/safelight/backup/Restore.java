package dev.safelight.backup;

import dev.safelight.asset.Failure;
import dev.safelight.backup.Manifest.Part;
import dev.safelight.database.LocalPostgres;
import dev.safelight.database.LocalPostgres.Durability;
import dev.safelight.store.embedded.UserAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a data folder of a backup.
///
/// Everything is built in a folder `restoring` within it, which a mounted disk allows too, and put in
/// place at the end, the database last. As long as `restoring` is there no server starts, so one that was
/// cut off at any point cannot be taken for data; the next restore begins anew.
public final class Restore {
    private static final int NAMED = 20;

    /// What a restore puts into the folder, in this order.
    private static final List<String> PLACES = List.of("store", "admin.key", "postgres");

    private static final String LOCK = "lock";

    private final Path data;
    private final Progress progress;

    /// @param data that the caller keeps servers out of
    public Restore(Path data, Progress progress) {
        this.data = data;
        this.progress = progress;
    }

    /// @throws Failure CONFLICT when the folder holds anything but what another restore left unfinished
    public static void requireEmpty(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            return;
        }
        try (Stream<Path> entries = Files.list(data)) {
            Set<String> names =
                    entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
            names.remove(LOCK);
            boolean unfinished = names.remove("restoring");
            if (unfinished) {
                PLACES.forEach(names::remove);
            }
            if (!names.isEmpty()) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The folder %s is not empty. A backup is restored into a new folder only: choose another one with --data, or move this one away."
                                .formatted(data));
            }
        }
    }

    /// Restores all of a backup, or nothing: what a failure leaves is removed.
    ///
    /// @throws Failure INVALID when the backup is damaged, UNSUPPORTED when it is newer, CONFLICT when the
    /// folder is not empty, UNAVAILABLE when it cannot be written
    public Manifest run(Path backup) throws InterruptedException {
        try {
            BackupFolder folder = new BackupFolder(backup.toRealPath());
            Manifest manifest = folder.manifest();
            requireEmpty(data);
            clear();
            try {
                Path draft = DataPlaces.restoring(data);
                Disk.createFolders(draft);
                Disk.syncFolder(data);
                build(folder, manifest, draft);
                publish(draft);
                return manifest;
            } catch (IOException | SQLException | RuntimeException | InterruptedException failed) {
                clear();
                throw failed;
            }
        } catch (NoSuchFileException absent) {
            throw new Failure(Failure.Kind.INVALID, "There is no " + absent.getFile() + ".", absent);
        } catch (IOException failed) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The backup could not be restored to %s, and nothing of it is left there: %s."
                            .formatted(data, Disk.reason(failed)),
                    failed);
        } catch (SQLException failed) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The tables of the backup could not be loaded: " + failed.getMessage(),
                    failed);
        }
    }

    /// Removes what an unfinished restore left, in an order that never lets it look finished.
    private void clear() throws IOException {
        Path draft = DataPlaces.restoring(data);
        if (!Files.exists(draft)) {
            return;
        }
        for (String place : PLACES.reversed()) {
            Disk.deleteAll(data.resolve(place));
        }
        Disk.syncFolder(data);
        Disk.deleteAll(draft);
    }

    private void build(BackupFolder folder, Manifest manifest, Path draft)
            throws IOException, SQLException, InterruptedException {
        if (!UserAttributes.areKeptIn(draft)) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The file system of %s keeps no user extended attributes, in which the store records content types. Choose a folder on ext4, XFS, Btrfs or ZFS with --data."
                            .formatted(data));
        }
        Disk.requireRoom(draft, manifest.bytes());
        for (Part part : manifest.files()) {
            String damage = folder.damage(part);
            if (damage != null) {
                throw damaged(damage);
            }
        }
        copyObjects(folder, manifest, draft);
        loadDatabase(folder, manifest, draft);
        FileCopy.copy(folder.file(BackupFolder.STORE_KEYS), DataPlaces.storeKeys(draft));
        for (var place : BackupFolder.OPTIONAL.entrySet()) {
            if (manifest.files().stream().anyMatch(part -> part.path().equals(place.getKey()))) {
                FileCopy.copy(folder.file(place.getKey()), draft.resolve(place.getValue()));
            }
        }
    }

    private static Failure damaged(String what) {
        return new Failure(
                Failure.Kind.INVALID,
                "The backup is damaged: %s. See all of it with: safelight backup verify".formatted(what));
    }

    private static void loadDatabase(BackupFolder folder, Manifest manifest, Path draft)
            throws IOException, SQLException, InterruptedException {
        try (LocalPostgres postgres = LocalPostgres.start(DataPlaces.postgres(draft), Durability.FULL)) {
            new LoadRepository(postgres.dataSource("postgres")).load(folder, manifest);
        }
    }

    private void copyObjects(BackupFolder folder, Manifest manifest, Path draft)
            throws IOException, InterruptedException {
        progress.planned(manifest.objectBytes());
        Path objects = DataPlaces.objects(draft);
        Disk.createFolders(objects);
        folder.visitObjects(manifest, few -> {
            List<String> damages = FileCopy.each(few, entry -> copy(folder, entry, objects)).stream()
                    .flatMap(Optional::stream)
                    .limit(NAMED)
                    .toList();
            if (!damages.isEmpty()) {
                throw damaged(String.join(", ", damages));
            }
        });
    }

    private Optional<String> copy(BackupFolder folder, ObjectEntry entry, Path objects) throws IOException {
        Path file = folder.object(entry);
        if (!Files.isRegularFile(file)) {
            return Optional.of(entry.name() + " is missing");
        }
        Path copy = objects.resolve(entry.path());
        Disk.createFolders(copy.resolveSibling(""));
        FileCopy.Content content = FileCopy.restore(file, entry, copy);
        progress.advanced(content.bytes());
        return VerifyBackup.isSame(content, entry) ? Optional.empty() : Optional.of(entry.name() + " is damaged");
    }

    private void publish(Path draft) throws IOException {
        Disk.syncFolders(draft);
        for (String place : PLACES) {
            Path built = draft.resolve(place);
            if (Files.exists(built)) {
                Files.move(built, data.resolve(place), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Disk.syncFolder(data);
        Disk.deleteAll(draft);
        Disk.syncFolder(data);
    }
}
