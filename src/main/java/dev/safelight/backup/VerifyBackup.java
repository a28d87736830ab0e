package dev.safelight.backup;

import dev.safelight.asset.Failure;
import dev.safelight.backup.Manifest.Part;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Reads everything in a backup, and holds it against its manifest.
public final class VerifyBackup {
    private static final int NAMED = 100;

    private final Progress progress;
    private final List<String> damages = new ArrayList<>();
    private long damaged;

    public VerifyBackup(Progress progress) {
        this.progress = progress;
    }

    /// What was found.
    ///
    /// @param damages what is missing or differs: the first of them
    /// @param damaged how many those are
    public record Report(Manifest manifest, List<String> damages, long damaged) {
        public Report {
            damages = List.copyOf(damages);
        }
    }

    /// @throws Failure INVALID when it is no backup, UNREADABLE when its manifest is damaged, UNSUPPORTED
    ///     when a later version made it
    public Report verify(Path backup) throws IOException, InterruptedException {
        BackupFolder folder = new BackupFolder(backup.toAbsolutePath());
        Manifest manifest = folder.manifest();
        progress.planned(manifest.objectBytes());
        boolean listed = true;
        for (Part part : manifest.files()) {
            String damage = folder.damage(part);
            if (damage != null) {
                note(damage);
                listed &= !part.path().equals(BackupFolder.OBJECT_LIST);
            }
        }
        if (listed) {
            folder.visitObjects(
                    manifest,
                    few -> FileCopy.each(few, entry -> damage(folder, entry)).stream()
                            .flatMap(Optional::stream)
                            .forEach(this::note));
        }
        return new Report(manifest, damages, damaged);
    }

    private void note(String damage) {
        damaged++;
        if (damages.size() < NAMED) {
            damages.add(damage);
        }
    }

    private Optional<String> damage(BackupFolder folder, ObjectEntry entry) throws IOException {
        try {
            FileCopy.Content content = FileCopy.read(folder.object(entry));
            progress.advanced(content.bytes());
            if (!isSame(content, entry)) {
                return Optional.of(entry.name() + " is damaged");
            }
            return entry.isAsSent(content)
                    ? Optional.empty()
                    : Optional.of(entry.name() + " was damaged in the store already");
        } catch (NoSuchFileException missing) {
            return Optional.of(entry.name() + " is missing");
        }
    }

    static boolean isSame(FileCopy.Content content, ObjectEntry entry) {
        return content.bytes() == entry.bytes() && Objects.equals(content.sha256(), entry.sha256());
    }
}
