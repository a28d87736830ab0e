package dev.safelight.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.access.ApiKeyRepository.StoredKey;
import dev.safelight.asset.AssetId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Issues API keys and tells who holds one.
@Component
public final class ApiKeys {
    // Bounds how long another process keeps accepting a key that was revoked here.
    private static final Duration TRUST = Duration.ofSeconds(5);

    private final ApiKeyRepository repository;
    private final InstantSource clock;
    private final Cache<UUID, Optional<StoredKey>> recent =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(TRUST).build();

    ApiKeys(ApiKeyRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /// Creates a key; the returned token is shown once and cannot be had again.
    public IssuedKey create(String name, Set<Role> roles) {
        return create(name, roles, KeyLimits.NONE);
    }

    /// Creates a key that may upload less than its spaces allow.
    public IssuedKey create(String name, Set<Role> roles, KeyLimits limits) {
        Draft draft = new Draft(newKey(), name, roles, limits);
        activate(draft);
        return new IssuedKey(draft.key.id(), name, roles, limits, draft.token());
    }

    /// A key that opens nothing yet, so that its token can be kept safe first.
    public Draft draft(String name, Set<Role> roles) {
        return new Draft(newKey(), name, roles, KeyLimits.NONE);
    }

    private ApiKey newKey() {
        return ApiKey.create(AssetId.timeOrdered(clock.instant()));
    }

    public void activate(Draft draft) {
        repository.insert(new StoredKey(
                draft.key.id(), draft.name, draft.key.secretHash(), draft.roles, draft.limits, clock.instant(), null));
        recent.invalidate(draft.key.id());
    }

    /// Whether anybody holds a key with this very role.
    public boolean anyActive(Role role) {
        return repository.all().stream()
                .anyMatch(key -> key.revokedAt() == null && key.roles().contains(role));
    }

    List<StoredKey> all() {
        return repository.all();
    }

    /// Ends a key for good; false when there is none.
    boolean revoke(UUID id) {
        boolean found = repository.revoke(id, clock.instant());
        recent.invalidate(id);
        return found;
    }

    /// The holder of a token, or empty when it is malformed, unknown, wrong or revoked.
    public Optional<Caller> authenticate(String token) {
        return ApiKey.parse(token)
                .flatMap(key -> recent.get(key.id(), repository::find)
                        .filter(stored -> key.matches(stored.secretHash()) && stored.revokedAt() == null)
                        .map(ApiKeys::caller));
    }

    private static Caller caller(StoredKey key) {
        return new Caller(key.id(), key.name(), key.roles(), key.limits());
    }

    /// The key with this id, if it is valid now.
    public Optional<Caller> active(UUID id) {
        return recent.get(id, repository::find)
                .filter(stored -> stored.revokedAt() == null)
                .map(ApiKeys::caller);
    }

    /// A key before it is valid.
    public static final class Draft {
        private final ApiKey key;
        private final String name;
        private final Set<Role> roles;
        private final KeyLimits limits;

        private Draft(ApiKey key, String name, Set<Role> roles, KeyLimits limits) {
            this.key = key;
            this.name = name;
            this.roles = Set.copyOf(roles);
            this.limits = limits;
        }

        public String token() {
            return key.token();
        }
    }

    /// A new key with the token its holder sends.
    public record IssuedKey(UUID id, String name, Set<Role> roles, KeyLimits limits, String token) {
        @Override
        public String toString() {
            return "IssuedKey[" + id + ", " + name + ", " + roles + ", " + limits + "]";
        }
    }
}
