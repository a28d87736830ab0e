package dev.safelight.access;

import dev.safelight.access.ApiKeyRepository.StoredKey;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Creates, lists and revokes API keys.
@RestController
@RequestMapping("/v1/keys")
final class KeyController {
    private final ApiKeys keys;

    KeyController(ApiKeys keys) {
        this.keys = keys;
    }

    /// Creates a key. The answer is the only place where its token ever shows.
    @PostMapping
    @Allow(Role.ADMIN)
    ResponseEntity<NewKey> create(@Valid @RequestBody KeyRequest request) {
        Set<Role> roles = request.roles().stream().map(KeyController::role).collect(Collectors.toUnmodifiableSet());
        WrittenLimits limits = request.limits();
        ApiKeys.IssuedKey key = keys.create(request.name(), roles, limits == null ? KeyLimits.NONE : limits.read());
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new NewKey(key.id(), key.name(), texts(key.roles()), written(key.limits()), key.token()));
    }

    /// All keys, oldest first, without their secrets.
    @GetMapping
    @Allow(Role.ADMIN)
    KeyList list() {
        return new KeyList(keys.all().stream().map(KeyController::view).toList());
    }

    /// Revokes a key for good; this process refuses it at once, others within seconds.
    @DeleteMapping("/{id}")
    @Allow(Role.ADMIN)
    ResponseEntity<Void> revoke(@PathVariable String id, Caller caller) {
        UUID keyId = AssetId.parse(id).map(AssetId::value).orElseThrow(() -> unknown(id));
        if (keyId.equals(caller.keyId())) {
            throw new Failure(
                    Failure.Kind.CONFLICT, "A key cannot revoke itself: use another admin key, so that one is left.");
        }
        if (!keys.revoke(keyId)) {
            throw unknown(id);
        }
        return ResponseEntity.noContent().build();
    }

    private static Role role(String text) {
        return Role.parse(text)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no role \"%s\"; allowed are %s."
                                .formatted(text, String.join(", ", texts(Set.copyOf(Role.OF_KEYS))))));
    }

    private static List<String> texts(Set<Role> roles) {
        return Arrays.stream(Role.values())
                .filter(roles::contains)
                .map(Role::text)
                .toList();
    }

    private static KeyView view(StoredKey key) {
        return new KeyView(
                key.id(), key.name(), texts(key.roles()), written(key.limits()), key.createdAt(), key.revokedAt());
    }

    private static @Nullable WrittenLimits written(KeyLimits limits) {
        return limits.equals(KeyLimits.NONE) ? null : WrittenLimits.of(limits);
    }

    private static Failure unknown(String id) {
        return new Failure(
                Failure.Kind.NOT_FOUND,
                "There is no key \"%s\".".formatted(id.length() > 64 ? id.substring(0, 64) + "…" : id));
    }

    /// @param name for people
    /// @param roles at least one of uploader, editor, marketing, moderator, viewer, admin
    /// @param limits of what it may upload, where that is less than its spaces allow
    record KeyRequest(
            @NotNull(message = "is needed")
            @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
            @Pattern(
                    regexp = "(?=.*\\S)[^\\p{Cc}\\p{Cf}\\p{Cs}]*",
                    message = "must not be blank or hold control, invisible or half characters")
            String name,

            @NotNull(message = "is needed") @Size(min = 1, max = 6, message = "must name 1 to 6 roles")
            List<@NotNull String> roles,

            @Nullable WrittenLimits limits) {}

    /// @param token what its holder sends as `Authorization: Bearer …`
    record NewKey(
            UUID id,
            String name,
            List<String> roles,
            @Nullable WrittenLimits limits,
            String token) {
        @Override
        public String toString() {
            return "NewKey[" + id + "]";
        }
    }

    record KeyView(
            UUID id,
            String name,
            List<String> roles,
            @Nullable WrittenLimits limits,
            Instant createdAt,
            @Nullable Instant revokedAt) {}

    record KeyList(List<KeyView> keys) {}
}
