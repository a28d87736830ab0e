package dev.safelight.signing;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The keys of signed access, under `safelight.signing`.
///
/// @param keys of Safelight's own signatures: the first signs, all are accepted
/// @param lifetime how long the signed URLs hold that the asset API hands out, 1m to 365d; a quarter is added
///     so that they stay the same for a while
/// @param maxLifetime how long a signature of Safelight's own may hold at most, 1m to 365d
/// @param cloudfront keys in CloudFront's format
@ConfigurationProperties("safelight.signing")
public record SigningSettings(
        @DefaultValue List<Key> keys,
        @DefaultValue("1h") Duration lifetime,
        @DefaultValue("7d") Duration maxLifetime,
        @DefaultValue CloudFront cloudfront) {
    private static final String NAME = "safelight.signing.";
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int SHORTEST_SECRET = 32;
    /// Fewer different bytes than any random secret has; examples and placeholders have few.
    private static final int FEWEST_BYTES = 12;

    public SigningSettings {
        keys = List.copyOf(keys);
        require(isWithin(maxLifetime), "max-lifetime must be 1m to 365d, not " + maxLifetime);
        require(isWithin(lifetime), "lifetime must be 1m to 365d, not " + lifetime);
        require(
                lifetime.plus(lifetime.dividedBy(4)).compareTo(maxLifetime) <= 0,
                "lifetime and a quarter of it must be within max-lifetime");
        // Read here, so that a process does not start with a key that it cannot use.
        readKeys(keys);
    }

    private static boolean isWithin(Duration time) {
        return time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0;
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(NAME + complaint);
        }
    }

    /// @param id 1 to 32 letters, digits, `-` and `_`; part of what is handed out
    /// @param secret random, hexadecimal, at least 32 bytes: `openssl rand -hex 32`
    public record Key(String id, String secret) {
        public Key {
            requireGiven(id, "keys[].id");
            requireGiven(secret, "keys[].secret");
        }

        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    /// @param baseUrls what URLs begin with that are signed in this format; those that are issued begin with
    ///     the first. `safelight.public-url` when there are none
    /// @param publicKeys the key group: whose signatures are accepted
    /// @param keyPairId the id that CloudFront gave to the public key of what is issued
    /// @param privateKey the PEM file of the private key that belongs to it
    /// @param hash of what is issued
    public record CloudFront(
            @DefaultValue List<String> baseUrls,
            @DefaultValue List<GroupKey> publicKeys,
            @Nullable String keyPairId,
            @Nullable Path privateKey,
            @DefaultValue("sha256") CloudFrontHash hash) {
        public CloudFront {
            baseUrls = baseUrls.stream()
                    .map(base -> BaseUrl.of(NAME + "cloudfront.base-urls", base))
                    .toList();
            publicKeys = List.copyOf(publicKeys);
            require(
                    (keyPairId == null) == (privateKey == null),
                    "cloudfront.key-pair-id and cloudfront.private-key belong together; one of them is missing");
        }
    }

    /// @param id that CloudFront gave to the key
    /// @param file its PEM file
    public record GroupKey(String id, Path file) {
        public GroupKey {
            requireGiven(id, "cloudfront.public-keys[].id");
            requireGiven(file, "cloudfront.public-keys[].file");
        }
    }

    /// What is bound from settings may be absent, whatever its type says.
    private static void requireGiven(@Nullable Object value, String setting) {
        if (value == null) {
            throw new IllegalArgumentException(NAME + setting + " is missing");
        }
    }

    public AccessTokens tokens() {
        return new AccessTokens(readKeys(keys), maxLifetime);
    }

    private static List<AccessTokens.Key> readKeys(List<Key> keys) {
        List<AccessTokens.Key> read = new ArrayList<>();
        for (Key key : keys) {
            String setting = NAME + "keys[%d]".formatted(read.size());
            if (!AccessTokens.Key.ID.matcher(key.id()).matches()) {
                throw new IllegalArgumentException(setting + ".id must be 1 to 32 letters, digits, - and _");
            }
            if (read.stream().anyMatch(other -> other.id().equals(key.id()))) {
                throw new IllegalArgumentException(setting + ".id is that of another key");
            }
            read.add(new AccessTokens.Key(key.id(), secret(setting + ".secret", key.secret())));
        }
        return read;
    }

    private static byte[] secret(String setting, String text) {
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(text.strip());
        } catch (IllegalArgumentException _) {
            // The cause would show the value.
            throw new IllegalArgumentException(
                    setting + " is not a whole number of hexadecimal bytes; openssl rand -hex 32 makes one");
        }
        Set<Byte> different = new HashSet<>();
        for (byte one : secret) {
            different.add(one);
        }
        if (secret.length < SHORTEST_SECRET || different.size() < FEWEST_BYTES) {
            throw new IllegalArgumentException("%s must have at least %d random bytes; openssl rand -hex 32 makes them"
                    .formatted(setting, SHORTEST_SECRET));
        }
        return secret;
    }

    /// @param publicUrl of this server, perhaps blank
    public CloudFrontVerifier cloudFrontVerifier(String publicUrl) {
        Map<String, PublicKey> group = new LinkedHashMap<>();
        for (GroupKey key : cloudfront.publicKeys()) {
            String setting = "cloudfront.public-keys[%d]".formatted(group.size());
            PublicKey read = read(setting + ".file", key.file(), PemKey::publicKey);
            require(isId(key.id()), setting + ".id must be 1 to 64 letters and digits");
            require(group.put(key.id(), read) == null, setting + ".id is that of another key");
        }
        return new CloudFrontVerifier(group, group.isEmpty() ? List.of() : bases(publicUrl));
    }

    private static boolean isId(String id) {
        return id.matches("[A-Za-z0-9]{1,64}");
    }

    /// What issues in CloudFront's format, if there is a key for that.
    ///
    /// @param publicUrl of this server, perhaps blank
    public Optional<CloudFrontSigner> cloudFrontSigner(String publicUrl) {
        String id = cloudfront.keyPairId();
        Path file = cloudfront.privateKey();
        if (id == null || file == null) {
            return Optional.empty();
        }
        require(isId(id), "cloudfront.key-pair-id must be 1 to 64 letters and digits");
        PrivateKey key = read("cloudfront.private-key", file, PemKey::privateKey);
        requirePair(id, key);
        return Optional.of(new CloudFrontSigner(bases(publicUrl).getFirst(), id, key, cloudfront.hash()));
    }

    /// What is issued under an id that the key group has should be accepted, too.
    private void requirePair(String id, PrivateKey key) {
        for (GroupKey member : cloudfront.publicKeys()) {
            if (member.id().equals(id)) {
                PublicKey known = read("cloudfront.public-keys", member.file(), PemKey::publicKey);
                require(KeyPairs.match(key, known), "cloudfront.private-key is not that of the public key " + id);
            }
        }
    }

    private List<String> bases(String publicUrl) {
        List<String> given = cloudfront.baseUrls();
        require(
                !given.isEmpty() || !publicUrl.isBlank(),
                "cloudfront.base-urls is needed, or safelight.public-url: CloudFront signs whole URLs");
        return given.isEmpty() ? List.of(BaseUrl.of("safelight.public-url", publicUrl)) : given;
    }

    private static <T> T read(String setting, Path file, Function<String, T> reading) {
        String text;
        try {
            text = TextFile.read(file);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "%s%s: %s".formatted(NAME, setting, unreadable.getMessage()), unreadable);
        }
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("%s%s: %s %s".formatted(NAME, setting, file, wrong.getMessage()), wrong);
        }
    }
}
