package dev.safelight.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.access.UploadSessionRepository.StoredSession;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Issues upload sessions and tells who holds one.
@Component
public final class UploadSessions {
    // What a session may do never changes; this bounds how long one that was never issued is remembered as unknown,
    // and how long another process keeps accepting one that was ended here.
    private static final Duration TRUST = Duration.ofSeconds(5);
    private static final int BATCH = 200;

    private final UploadSessionRepository repository;
    private final ApiKeys keys;
    private final SessionSettings settings;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final Cache<UUID, Optional<StoredSession>> recent =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(TRUST).build();

    UploadSessions(
            UploadSessionRepository repository,
            ApiKeys keys,
            SessionSettings settings,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.repository = repository;
        this.keys = keys;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    /// Opens a session that acts for a key; the returned token is shown once and cannot be had again.
    public Issued create(Caller key, Limits limits, Duration lifetime) {
        if (key.session() != null || !key.mayUploadTo(limits.space())) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN, "This key may not upload to the space \"%s\".".formatted(limits.space()));
        }
        Instant now = clock.instant();
        SessionToken token = SessionToken.create(AssetId.timeOrdered(now));
        UploadSession session = new UploadSession(
                token.id(),
                limits.space(),
                limits.types(),
                limits.maxBytes(),
                limits.maxUploads(),
                limits.metadata(),
                limits.account(),
                now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS));
        transaction.executeWithoutResult(status -> {
            repository.lockKey(key.keyId());
            if (repository.countOpen(key.keyId(), now) >= settings.maxOpen()) {
                throw new Failure(
                        Failure.Kind.BUSY,
                        "This key has %d open upload sessions, which is the limit: end some of them first."
                                .formatted(settings.maxOpen()));
            }
            repository.insert(session, key.keyId(), token.secretHash(), now);
        });
        return new Issued(session, token.text());
    }

    /// The caller that a token stands for; empty when it is malformed, unknown, wrong or at its end,
    /// or its key is.
    public Optional<Caller> authenticate(String token) {
        return SessionToken.parse(token)
                .flatMap(one -> recent.get(one.id(), repository::find)
                        .filter(stored -> one.matches(stored.secretHash())
                                && clock.instant().isBefore(stored.session().expiresAt())))
                .flatMap(stored -> keys.active(stored.keyId())
                        .map(key -> new Caller(
                                key.keyId(), key.name(), Set.of(Role.SESSION), key.limits(), stored.session())));
    }

    /// Ends a session now, for the key that made it or an administrator; one that has ended stays as it is.
    ///
    /// @return false when there is none that the caller may end
    public boolean end(UUID id, Caller caller) {
        boolean may = repository
                .find(id)
                .filter(found -> found.keyId().equals(caller.keyId()) || caller.has(Role.ADMIN))
                .isPresent();
        if (may) {
            // Cut, not rounded: the end is not later than now.
            repository.end(id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            recent.invalidate(id);
        }
        return may;
    }

    /// Whether a session has not ended.
    public boolean isOpen(UUID id) {
        return recent.get(id, repository::find)
                .filter(stored -> clock.instant().isBefore(stored.session().expiresAt()))
                .isPresent();
    }

    /// Removes sessions that ended before a moment.
    public void forgetEndedBefore(Instant before) {
        List<UUID> ended;
        do {
            ended = repository.endedBefore(before, BATCH);
            ended.forEach(id -> transaction.executeWithoutResult(status -> repository.delete(id)));
        } while (ended.size() == BATCH);
    }

    /// What a session may do; see [UploadSession].
    public record Limits(
            Space space,
            @Nullable Set<MediaType> types,
            @Nullable Long maxBytes,
            int maxUploads,
            Map<String, String> metadata,
            @Nullable String account) {}

    /// A new session with the token its holder puts into each path.
    public record Issued(UploadSession session, String token) {
        @Override
        public String toString() {
            return "Issued[" + session.id() + "]";
        }
    }
}
