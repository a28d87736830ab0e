package dev.safelight.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetup;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.StoredPart;
import dev.safelight.testing.CutProxy;
import dev.safelight.testing.CutProxy.Script;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call to the store, held against every way in which a store can fail: either the caller may try again, or it is
/// told that this is for good, or that something is not there; and never after a long time.
class StoreFaultTest {
    private static final BlobKey KEY = new BlobKey(Bucket.PROCESSED, "processed/a.webp");
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<StoredPart> PARTS = List.of(new StoredPart(1, 5, "0".repeat(32)));

    /// What the caller gets to know.
    enum Outcome {
        RETRY,
        REFUSED,
        ABSENT,
        DONE
    }

    enum Call {
        PUT,
        HEAD,
        OPEN,
        OPEN_RANGE,
        DELETE,
        LIST,
        PAGE,
        SET_TAGS,
        TAGS,
        CREATE,
        PARTS,
        COMPLETE,
        ABORT,
        LIST_UPLOADS;

        /// Whether it answers without a body that could name the error.
        boolean isHead() {
            return this == HEAD;
        }
    }

    private CutProxy network;
    private S3ObjectStore store;
    private S3MultipartUploads uploads;

    @BeforeEach
    void connect() {
        network = CutProxy.toNowhere();
        S3Settings settings = settings();
        store = new S3ObjectStore(settings, InstantSource.system(), SILENCE);
        uploads = new S3MultipartUploads(settings, SILENCE, SILENCE);
    }

    private S3Settings settings() {
        return new S3Settings(
                network.url(),
                network.url(),
                "us-east-1",
                true,
                "access",
                "secret",
                Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text)));
    }

    @AfterEach
    void disconnect() {
        store.close();
        uploads.close();
        network.close();
    }

    /// A way to fail.
    ///
    /// @param meaning of it for each call
    record Fault(String name, Script script, Function<Call, Outcome> meaning) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("500", Script.refusing(500, "InternalError"), call -> Outcome.RETRY),
                new Fault("503", Script.refusing(503, "SlowDown"), call -> Outcome.RETRY),
                new Fault("409", Script.refusing(409, "OperationAborted"), call -> Outcome.RETRY),
                new Fault("no bucket", Script.refusing(404, "NoSuchBucket"), call -> Outcome.RETRY),
                new Fault("refused", Script.refusing(403, "AccessDenied"), StoreFaultTest::refused),
                new Fault("skewed clock", Script.refusing(403, "RequestTimeTooSkewed"), StoreFaultTest::skewed),
                new Fault("reset", Script.resetAfter(0), call -> Outcome.RETRY),
                new Fault("silence", Script.BLACKHOLE, call -> Outcome.RETRY),
                new Fault("no HTTP", Script.answering("220 mail.example ESMTP\r\n"), call -> Outcome.RETRY),
                new Fault("cut short", Script.answering(cutShort()), StoreFaultTest::cut));
    }

    static Stream<Fault> answeredFaults() {
        return faults().filter(fault -> !fault.script().equals(Script.BLACKHOLE));
    }

    /// A HEAD cannot say why it is refused, so that it is taken for good.
    private static Outcome skewed(Call call) {
        return call.isHead() ? Outcome.REFUSED : Outcome.RETRY;
    }

    private static Outcome refused(Call call) {
        return switch (call) {
            case PUT, HEAD, OPEN, OPEN_RANGE, DELETE, LIST, PAGE, SET_TAGS, TAGS -> Outcome.REFUSED;
            // Said to clients as a fault of the server, whose credentials these are.
            case CREATE, PARTS, COMPLETE, ABORT, LIST_UPLOADS -> Outcome.RETRY;
        };
    }

    /// An answer whose body ends early; what has no body to read is none the worse for it.
    private static Outcome cut(Call call) {
        return switch (call) {
            case OPEN, OPEN_RANGE, LIST, PAGE, TAGS, CREATE, PARTS, LIST_UPLOADS -> Outcome.RETRY;
            case PUT, HEAD, DELETE, SET_TAGS, ABORT -> Outcome.DONE;
            // There is an object, says the question that comes before.
            case COMPLETE -> Outcome.ABSENT;
        };
    }

    private static String cutShort() {
        return "HTTP/1.1 200 OK\r\nETag: \"0\"\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
                + "Content-Type: application/xml\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n<";
    }

    @ParameterizedTest
    @MethodSource("faults")
    void tellsSoonWhatAFaultMeans(Fault fault) {
        network.always(fault.script());
        long started = System.nanoTime();

        Map<Call, Outcome> outcomes = new ConcurrentSkipListMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Call call : Call.values()) {
                threads.execute(() -> outcomes.put(call, outcome(call)));
            }
        }

        assertThat(outcomes)
                .isEqualTo(Arrays.stream(Call.values()).collect(Collectors.toMap(call -> call, fault.meaning())));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SOON);
    }

    /// What is done by hand has more patience with silence; it ends with an answer or with one of two exceptions.
    @ParameterizedTest
    @MethodSource("answeredFaults")
    void setsNothingUpWithoutSayingSo(Fault fault) throws IOException {
        network.always(fault.script());
        try (S3BucketSetup setup = new S3BucketSetup(settings())) {
            for (Setup call : List.<Setup>of(
                    () -> setup.read(Bucket.RAW, BucketSetting.Aspect.LIFECYCLE),
                    () -> setup.write(Bucket.RAW, new BucketSetting.Tags(Map.of("space", "all"))),
                    () -> setup.create(Bucket.RAW))) {
                try {
                    call.run();
                    assertThat(fault.name()).isIn("cut short", "no bucket");
                } catch (IOException | Failure said) {
                    assertThat(said.getMessage()).isNotBlank();
                }
            }
            if (fault.name().equals("no bucket")) {
                assertThat(setup.presence(Bucket.RAW)).isEqualTo(BucketSetup.Presence.MISSING);
            }
        }
    }

    @FunctionalInterface
    private interface Setup {
        void run() throws IOException;
    }

    private Outcome outcome(Call call) {
        try {
            return run(call) ? Outcome.DONE : Outcome.ABSENT;
        } catch (IOException again) {
            return Outcome.RETRY;
        } catch (Failure failed) {
            return failed.kind() == Failure.Kind.UNAVAILABLE ? Outcome.RETRY : Outcome.REFUSED;
        }
    }

    /// Whether what was asked for is there.
    private boolean run(Call call) throws IOException {
        return switch (call) {
            case PUT -> {
                store.put(KEY, new Content.Bytes(new byte[10]), ObjectHeaders.ofType("image/webp"));
                yield true;
            }
            case HEAD -> store.head(KEY).isPresent();
            case OPEN -> {
                try (var object = store.open(KEY, null, null).orElseThrow()) {
                    object.stream().readAllBytes();
                }
                yield true;
            }
            case OPEN_RANGE -> {
                try (var object = store.open(KEY, new ByteRange(0, 99), "0").orElseThrow()) {
                    object.stream().readAllBytes();
                }
                yield true;
            }
            case DELETE -> {
                store.delete(KEY);
                yield true;
            }
            case LIST -> {
                store.list(Bucket.PROCESSED, "", page -> {});
                yield true;
            }
            case PAGE -> {
                store.page(Bucket.PROCESSED, "", "", 10);
                yield true;
            }
            case SET_TAGS -> store.setTags(KEY, Map.of("status", "approved")) == ObjectTags.Outcome.SET;
            case TAGS -> store.tags(KEY).isPresent();
            case CREATE -> !uploads.create(KEY, "image/webp").isEmpty();
            case PARTS -> uploads.parts(KEY, "upload").isPresent();
            case COMPLETE -> uploads.complete(KEY, "upload", PARTS);
            case ABORT -> {
                uploads.abort(KEY, "upload");
                yield true;
            }
            case LIST_UPLOADS -> {
                uploads.list(Bucket.PROCESSED, "", page -> {});
                yield true;
            }
        };
    }
}
