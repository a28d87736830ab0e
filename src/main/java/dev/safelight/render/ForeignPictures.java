package dev.safelight.render;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Sha256;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Probe;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.render.remote.Freshness;
import dev.safelight.render.remote.RemoteAnswer;
import dev.safelight.render.remote.RemotePictures;
import dev.safelight.render.remote.Validators;
import dev.safelight.sniff.ContentSniffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pictures of other hosts, fetched to the disk of this process and believed for as long as their host says:
/// a shared cache in the sense of RFC 9111.
///
/// Nobody waits for a host that was heard of lately: a picture that is no longer fresh is used for a while
/// more, and its host is asked in the background (as `stale-while-revalidate` and `stale-if-error` of RFC
/// 5861), unless the host forbids that. What must not be kept is for the request that it was fetched for, and
/// gone with it.
///
/// They never enter the catalogue: whoever allows a host answers for what lies there.
public final class ForeignPictures {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignPictures.class);
    private static final int KNOWN = 10_000;
    /// Before a host that failed is asked again in the background.
    private static final Duration RESPITE = Duration.ofSeconds(10);

    private final RemotePictures remote;
    private final ImageEngine engine;
    private final DiskCache files;
    private final Path incoming;
    private final Duration stale;
    private final InstantSource clock;
    private final ContentSniffer sniffer = new ContentSniffer();
    private final SingleFlight<Subject.Foreign> flights = new SingleFlight<>();
    private final Cache<String, Known> known =
            Caffeine.newBuilder().maximumSize(KNOWN).build();

    /// @param incoming a folder for files that are on their way
    /// @param stale how long a picture is used that is no longer fresh, where its host does not forbid it
    ForeignPictures(
            RemotePictures remote,
            ImageEngine engine,
            DiskCache files,
            Path incoming,
            Duration stale,
            InstantSource clock) {
        this.remote = remote;
        this.engine = engine;
        this.files = files;
        this.incoming = incoming;
        this.stale = stale;
        this.clock = clock;
    }

    /// @param nextLook before which nobody asks in the background
    private record Known(Subject.Foreign subject, Validators validators, Instant freshUntil, Instant nextLook) {
        Instant usableUntil() {
            return freshUntil.plus(subject.reuse().stale());
        }

        Known withNextLook(Instant time) {
            return new Known(subject, validators, freshUntil, time);
        }
    }

    /// The picture at an address, fetched unless it is fresh.
    ///
    /// @throws Failure forbidden, when pictures may not come from there; not found; unsupported, when it is
    ///     no picture that can be read; busy or unavailable, when it cannot be fetched now
    public Subject.Foreign find(URI address) throws IOException, InterruptedException {
        String url = remote.check(address.toString());
        Known last = known.getIfPresent(url);
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.usableUntil()) && isOnDisk(last.subject())) {
            if (!now.isBefore(last.freshUntil()) && !now.isBefore(last.nextLook())) {
                lookAgain(url, last, now);
            }
            return last.subject();
        }
        return fetchTogether(url);
    }

    /// Lets go of a picture that was found, once its request is answered.
    public void release(Subject subject) {
        if (!subject.reuse().isKept()) {
            files.drop(subject.key());
        }
    }

    private Subject.Foreign fetchTogether(String url) throws IOException, InterruptedException {
        AtomicBoolean own = new AtomicBoolean();
        Subject.Foreign fetched = flights.join(url, () -> {
            own.set(true);
            return fetch(url);
        });
        return own.get() || fetched.reuse().isKept() ? fetched : fetch(url);
    }

    /// Whoever changes the note of the last look asks; all others find it changed.
    private void lookAgain(String url, Known last, Instant now) {
        if (!known.asMap().replace(url, last, last.withNextLook(now.plus(RESPITE)))) {
            return;
        }
        Thread.ofVirtual().name("look-again").start(() -> {
            try {
                release(fetchTogether(url));
            } catch (Failure failure) {
                LOG.debug("A picture elsewhere could not be fetched again: {}", failure.publicMessage());
                if (failure.kind() != Failure.Kind.UNAVAILABLE && failure.kind() != Failure.Kind.BUSY) {
                    // Gone, or no picture any more: whoever comes next is told so.
                    known.invalidate(url);
                }
            } catch (IOException failed) {
                LOG.debug("A picture elsewhere could not be fetched again", failed);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean isOnDisk(Subject.Foreign subject) {
        Optional<Entry> file = files.get(subject.key());
        file.ifPresent(Entry::close);
        return file.isPresent();
    }

    private Subject.Foreign fetch(String url) throws IOException {
        Known last = known.getIfPresent(url);
        Path file = incoming.resolve(UUID.randomUUID().toString());
        Instant asked = clock.instant();
        try {
            RemoteAnswer answer = ask(url, last, file);
            Validators validators = answer.validators();
            Instant freshUntil = asked.plus(validators.freshness().lifetime());
            Reuse reuse = reuse(validators.freshness(), freshUntil);
            Subject.Foreign subject = switch (answer) {
                case RemoteAnswer.Fetched _ -> take(url, file, reuse);
                case RemoteAnswer.Unchanged _ -> subjectOf(last).with(reuse);
            };
            if (reuse.isKept()) {
                known.put(url, new Known(subject, validators, freshUntil, freshUntil));
            } else {
                known.invalidate(url);
            }
            return subject;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private RemoteAnswer ask(String url, @Nullable Known last, Path file) throws IOException {
        if (last == null || !isOnDisk(last.subject())) {
            return remote.fetch(url, file);
        }
        RemoteAnswer answer = remote.revalidate(url, last.validators(), file);
        boolean keptTooLong = answer instanceof RemoteAnswer.Unchanged
                && !answer.validators().freshness().stored();
        return keptTooLong ? remote.fetch(url, file) : answer;
    }

    private Reuse reuse(Freshness freshness, Instant freshUntil) {
        return new Reuse(
                freshness.stored() ? null : UUID.randomUUID(),
                freshness.stated() ? freshUntil : null,
                freshness.stale() ? stale : Duration.ZERO);
    }

    private static Subject.Foreign subjectOf(@Nullable Known last) {
        if (last == null) {
            throw new IllegalStateException("only a known picture can be unchanged");
        }
        return last.subject();
    }

    private Subject.Foreign take(String url, Path file, Reuse reuse) throws IOException {
        MediaType type = MediaType.parse(sniffer.sniff(file))
                .filter(found -> found.kind() == MediaType.Kind.IMAGE)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.UNSUPPORTED, "What lies at the address of the source is not a picture."));
        Probe probe;
        try {
            probe = engine.probe(file, type);
        } catch (ImageRejected rejected) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED,
                    rejected.rejection().reason(),
                    rejected.rejection().detail());
        }
        Subject.Foreign subject = new Subject.Foreign(
                URI.create(url),
                hash(file),
                type,
                probe.width(),
                probe.height(),
                probe.frames(),
                probe.hasAlpha(),
                reuse);
        long begun = reuse.isKept() ? files.moment(subject.group()) : DiskCache.ALONE;
        try (InputStream body = Files.newInputStream(file)) {
            files.put(subject.key(), subject.group(), type.extension(), Map.of(), body, begun)
                    .orElseThrow(() -> new IOException("a foreign picture finds no room on the disk"))
                    .close();
        }
        return subject;
    }

    private static String hash(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), Sha256.digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 16);
        }
    }
}
