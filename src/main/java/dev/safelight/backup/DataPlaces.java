package dev.safelight.backup;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where a data folder keeps what belongs into a backup.
public final class DataPlaces {
    private DataPlaces() {}

    /// Of the embedded database.
    public static Path postgres(Path data) {
        return data.resolve("postgres");
    }

    static Path store(Path data) {
        return data.resolve("store");
    }

    static Path objects(Path data) {
        return store(data).resolve("objects");
    }

    static Path storeKeys(Path data) {
        return store(data).resolve("keys.properties");
    }

    /// Where a restore builds what it has not yet put in place. A folder with this in it is not to be used.
    public static Path restoring(Path data) {
        return data.resolve("restoring");
    }

    /// Whether the data folder has an embedded store.
    public static boolean hasStore(Path data) {
        return Files.exists(storeKeys(data));
    }
}
