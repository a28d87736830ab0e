package dev.safelight.backup;

import dev.safelight.asset.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a backup holds; written last, so that a folder without it is no backup.
///
/// @param format of the folder; a reader refuses those after its own
/// @param safelight the version that made it
/// @param schema the version of the database's schema
/// @param createdAt when the snapshot was taken
/// @param objects how many there are, in `objects.jsonl` and below `objects`
/// @param files all other files
/// @param missing objects that the snapshot names and the store did not have: the first of them
/// @param missingObjects how many those are
public record Manifest(
        int format,
        String safelight,
        String schema,
        Instant createdAt,
        long objects,
        long objectBytes,
        List<Table> tables,
        List<Sequence> sequences,
        List<Part> files,
        List<String> missing,
        long missingObjects) {
    static final int FORMAT = 1;

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern SCHEMA = Pattern.compile("[0-9]{1,9}([._][0-9]{1,9}){0,5}");
    private static final Pattern PATH = Pattern.compile("([a-z]+/)?[a-z0-9_.-]+");

    public Manifest {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
        files = List.copyOf(files);
        missing = List.copyOf(missing);
        Set<String> paths = files.stream().map(Part::path).collect(Collectors.toSet());
        if (objects < 0
                || objectBytes < 0
                || !SCHEMA.matcher(schema).matches()
                || !paths.contains(BackupFolder.OBJECT_LIST)
                || !paths.contains(BackupFolder.STORE_KEYS)
                || !tables.stream().map(Table::file).allMatch(paths::contains)) {
            throw new IllegalArgumentException("not a manifest");
        }
    }

    /// A table of the snapshot.
    ///
    /// @param columns in the order of its file; generated ones are not among them
    public record Table(String schema, String name, List<String> columns, long rows) {
        public Table {
            columns = List.copyOf(columns);
            requireName(schema);
            requireName(name);
            columns.forEach(Manifest::requireName);
        }

        String file() {
            return "database/" + schema + "." + name + ".copy";
        }

        Table withRows(long number) {
            return new Table(schema, name, columns, number);
        }
    }

    /// Where a sequence, or the numbers of an identity column, go on.
    public record Sequence(String schema, String name, long last, boolean called) {
        public Sequence {
            requireName(schema);
            requireName(name);
        }
    }

    /// A file that is no object.
    public record Part(String path, long bytes, String sha256) {
        public Part {
            if (!PATH.matcher(path).matches() || path.contains("..") || bytes < 0) {
                throw new IllegalArgumentException("not a file of a backup: " + path);
            }
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of the database: " + name);
        }
    }

    /// All bytes of the backup but its own.
    long bytes() {
        return objectBytes + files.stream().mapToLong(Part::bytes).sum();
    }

    String text() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    }

    /// @throws Failure UNREADABLE when it is damaged, UNSUPPORTED when a later version made it
    static Manifest parse(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            @Nullable JsonNode format = tree.get("format");
            if (format != null && format.isInt() && format.intValue() > FORMAT) {
                throw new Failure(
                        Failure.Kind.UNSUPPORTED,
                        "The backup has format %d, and this version of Safelight reads those up to %d: use the one that made it."
                                .formatted(format.intValue(), FORMAT));
            }
            Manifest manifest = JSON.treeToValue(tree, Manifest.class);
            if (manifest == null || manifest.format() != FORMAT) {
                throw damaged(null);
            }
            return manifest;
        } catch (JacksonException | IllegalArgumentException malformed) {
            throw damaged(malformed);
        }
    }

    private static Failure damaged(@Nullable Exception cause) {
        String message = "The manifest of the backup is damaged.";
        return cause == null
                ? new Failure(Failure.Kind.UNREADABLE, message)
                : new Failure(Failure.Kind.UNREADABLE, message, cause);
    }
}
