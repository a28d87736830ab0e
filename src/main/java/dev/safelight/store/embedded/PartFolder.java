package dev.safelight.store.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.safelight.store.MultipartUploads;
import dev.safelight.store.StoredPart;
import dev.safelight.store.encryption.FileEncryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Uploads in parts that are not yet objects: one folder each, with a file for what it is to be and one for
/// each part.
///
/// A folder comes and goes by one rename, out of staging and back, so that an upload exists or does not. A
/// part comes by one rename over its predecessor. So after a crash at any point everything here is whole.
final class PartFolder {
    private static final Logger log = LoggerFactory.getLogger(PartFolder.class);

    private static final String ABOUT = "about.json";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5}");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Joining takes as long as the disk needs for it; whoever wants the same upload meanwhile asks again.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path root;
    private final Staging staging;
    private final Publisher publisher;
    private final InstantSource clock;

    /// Those of uploads, by their ids: shared by whoever adds a part, held alone by whoever ends an upload.
    private final NamedLocks locks = new NamedLocks(Integer.MAX_VALUE, PATIENCE);

    PartFolder(Path root, Publisher publisher, InstantSource clock) {
        this.root = root;
        this.staging = publisher.staging();
        this.publisher = publisher;
        this.clock = clock;
    }

    /// What an upload is to become.
    record About(String bucket, String key, Instant startedAt, KeptHeaders headers) {}

    /// An upload that was there when it was looked for.
    record Upload(String id, About about, Path folder) {}

    /// A part that has arrived.
    record Kept(StoredPart part, Instant lastModified) {}

    /// A part that a completion names, with the entity tag that its sender was given.
    record Wanted(int number, @Nullable String etag) {}

    String create(String bucket, String key, KeptHeaders headers) throws IOException {
        headers.requireSmall();
        String id = UUID.randomUUID().toString();
        Path draft = Files.createDirectory(staging.newName());
        Path about = draft.resolve(ABOUT);
        Files.write(about, JSON.writeValueAsBytes(new About(bucket, key, clock.instant(), headers)));
        Folders.sync(about);
        Folders.sync(draft);
        Files.move(draft, root.resolve(id), ATOMIC_MOVE);
        Folders.sync(root);
        return id;
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 404 when there is no such upload of this key
    Upload find(String id, String bucket, String key) {
        return find(id).filter(upload -> upload.about().bucket().equals(bucket))
                .filter(upload -> upload.about().key().equals(key))
                .orElseThrow(PartFolder::unknown);
    }

    private Optional<Upload> find(String id) {
        Path folder = root.resolve(ID.matcher(id).matches() ? id : "no-such-upload");
        try {
            About about = JSON.readValue(Files.readAllBytes(folder.resolve(ABOUT)), About.class);
            return Optional.of(new Upload(id, about, folder));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static RuntimeException unknown() {
        return StoreError.NO_SUCH_UPLOAD.with("There is no such upload: it was never begun, completed or aborted.");
    }

    static void requireNumber(int number) {
        if (number < 1 || number > MultipartUploads.MOST_PARTS) {
            throw StoreError.INVALID_ARGUMENT.with("Part number must be an integer between 1 and 10000, inclusive");
        }
    }

    /// Takes a staged file as a part, in place of its predecessor, durable when this returns.
    void keep(Upload upload, int number, Staging.Staged staged) throws IOException {
        requireNumber(number);
        try (NamedLocks.Held lock = locks.shared(upload.id())) {
            Files.move(staged.file(), file(upload, number), ATOMIC_MOVE, REPLACE_EXISTING);
            Folders.sync(upload.folder());
        } catch (NoSuchFileException e) {
            throw unknown();
        }
    }

    /// The parts that have arrived, by number.
    List<Kept> list(Upload upload) throws IOException {
        List<Kept> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(upload.folder())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (NUMBER.matcher(name).matches()) {
                    StoredPart part = new StoredPart(
                            Integer.parseInt(name), FileEncryption.plainSize(file), KeptHeaders.etag(file));
                    parts.add(new Kept(part, Files.getLastModifiedTime(file).toInstant()));
                }
            }
        } catch (NoSuchFileException e) {
            throw unknown();
        }
        parts.sort(Comparator.comparingInt(kept -> kept.part().number()));
        return parts;
    }

    /// Joins parts to an object, and tells the listener of it once.
    ///
    /// @return the entity tag of the object
    String complete(Upload upload, List<Wanted> wanted, boolean replace) throws IOException {
        try (NamedLocks.Held lock = locks.exclusive(upload.id())) {
            About about = find(upload.id()).orElseThrow(PartFolder::unknown).about();
            publisher.requireAbsent(about.bucket(), about.key(), replace);
            List<StoredPart> parts = check(upload, wanted);
            List<Staging.Piece> pieces = parts.stream()
                    .map(part -> new Staging.Piece(file(upload, part.number()), name(upload, part.number())))
                    .toList();
            String name = StoreFolder.name(about.bucket(), about.key());
            try (Staging.Staged joined = staging.join(name, about.headers(), pieces, etag(parts))) {
                publisher.publish(joined, about.bucket(), about.key(), replace, "CompleteMultipartUpload");
                removeJoined(upload);
                return joined.etag();
            }
        }
    }

    private List<StoredPart> check(Upload upload, List<Wanted> wanted) throws IOException {
        Map<Integer, StoredPart> kept = new TreeMap<>();
        list(upload).forEach(part -> kept.put(part.part().number(), part.part()));
        List<StoredPart> parts = new ArrayList<>();
        int last = 0;
        for (Wanted each : wanted) {
            if (each.number() <= last) {
                throw StoreError.INVALID_PART_ORDER.with("The parts must be named in the order of their numbers.");
            }
            last = each.number();
            StoredPart part = kept.get(last);
            if (part == null || !part.etag().equals(each.etag())) {
                throw StoreError.INVALID_PART.with("Part " + last + " did not arrive, or with another entity tag.");
            }
            parts.add(part);
        }
        for (StoredPart part : parts.subList(0, parts.size() - 1)) {
            if (part.bytes() < MultipartUploads.SMALLEST_PART) {
                throw StoreError.ENTITY_TOO_SMALL.with(
                        "Part " + part.number() + " is not the last one and smaller than 5 MiB.");
            }
        }
        return parts;
    }

    private static String etag(List<StoredPart> parts) {
        var digest = Staging.md5();
        parts.forEach(part -> digest.update(HexFormat.of().parseHex(part.etag())));
        return HexFormat.of().formatHex(digest.digest()) + "-" + parts.size();
    }

    void abort(Upload upload) throws IOException {
        try (NamedLocks.Held lock = locks.exclusive(upload.id())) {
            remove(upload);
        } catch (NoSuchFileException e) {
            throw unknown();
        }
    }

    /// The object is there: what remains of its upload is no reason to say otherwise.
    private void removeJoined(Upload upload) {
        try {
            remove(upload);
        } catch (IOException e) {
            log.warn(
                    "The parts of {} stay until their upload is aborted",
                    upload.about().key(),
                    e);
        }
    }

    private void remove(Upload upload) throws IOException {
        Path rubbish = staging.newName();
        Files.move(upload.folder(), rubbish, ATOMIC_MOVE);
        Folders.sync(root);
        Folders.deleteAll(rubbish);
    }

    /// The unfinished uploads to a bucket whose key starts with a prefix, by key and begin.
    List<Upload> uploads(String bucket, String prefix) throws IOException {
        List<Upload> uploads = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.toList()) {
                find(folder.getFileName().toString())
                        .filter(upload -> upload.about().bucket().equals(bucket))
                        .filter(upload -> upload.about().key().startsWith(prefix))
                        .ifPresent(uploads::add);
            }
        }
        uploads.sort(
                Comparator.comparing((Upload upload) -> upload.about().key()).thenComparing(Upload::id));
        return uploads;
    }

    /// Whether a file says what an upload is to be, and is no part.
    static boolean isAbout(Path file) {
        return file.endsWith(ABOUT);
    }

    /// The name that the bytes of a part are bound to: its path below the store's root.
    static String name(Upload upload, int number) {
        return "%s/%s/%05d".formatted(StoreFolder.PARTS, upload.id(), number);
    }

    private static Path file(Upload upload, int number) {
        return upload.folder().resolve("%05d".formatted(number));
    }
}
