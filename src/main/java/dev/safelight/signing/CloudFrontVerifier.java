package dev.safelight.signing;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds signatures in CloudFront's format against requests, as an edge of CloudFront with the same key group
/// would.
///
/// A policy names whole URLs. Which ones are ours is configured and not taken from the request, whose `Host`
/// anybody can choose: a signature for another site of the same keys would else be good here.
public final class CloudFrontVerifier {
    private static final int LONGEST_POLICY = 4096;
    private static final int LONGEST_SIGNATURE = 1024;
    private static final String EPOCH = "[1-9][0-9]{0,10}";

    private final Map<String, PublicKey> keys;
    private final List<String> bases;

    /// @param keys the key group, by id
    /// @param bases what the URLs of this server begin with, as in `https://media.example.com`
    public CloudFrontVerifier(Map<String, PublicKey> keys, List<String> bases) {
        this.keys = Map.copyOf(keys);
        this.bases = List.copyOf(bases);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    public Verdict verify(CloudFrontParameters given, Visit visit) {
        String id = given.keyPairId();
        String signature = given.signature();
        if (id == null || signature == null || (given.expires() == null) == (given.policy() == null)) {
            return new Verdict.Refused("it needs Signature, Key-Pair-Id, and either Expires or Policy");
        }
        PublicKey key = keys.get(id);
        if (key == null) {
            return new Verdict.Refused("its key is not known, or no longer");
        }
        Optional<CloudFrontHash> hash = CloudFrontHash.parse(given.hash());
        if (hash.isEmpty()) {
            return new Verdict.Refused("its Hash-Algorithm must be SHA1 or SHA256");
        }
        Optional<byte[]> bytes =
                signature.length() > LONGEST_SIGNATURE ? Optional.empty() : CloudFrontText.decode(signature);
        if (bytes.isEmpty()) {
            return new Verdict.Refused("its Signature is not written as CloudFront does");
        }
        Check check = new Check(key, hash.get(), bytes.get());
        return given.policy() == null ? canned(given.expires(), check, visit) : custom(given.policy(), check, visit);
    }

    private record Check(PublicKey key, CloudFrontHash hash, byte[] signature) {
        boolean holds(byte[] text) {
            return hash.isBy(key, text, signature);
        }
    }

    private Verdict canned(@Nullable String expires, Check check, Visit visit) {
        if (expires == null || !expires.matches(EPOCH)) {
            return new Verdict.Refused("its Expires is not in seconds since 1970");
        }
        Instant end = Instant.ofEpochSecond(Long.parseLong(expires));
        if (visit.pathAndQuery().chars().anyMatch(c -> c == '"' || c == '\\' || c <= ' ')) {
            return new Verdict.Refused("it is wrong");
        }
        for (String base : bases) {
            CloudFrontPolicy policy = CloudFrontPolicy.canned(base + visit.pathAndQuery(), end);
            if (check.holds(policy.text().getBytes(StandardCharsets.UTF_8))) {
                return hold(policy, visit);
            }
        }
        return new Verdict.Refused("it is wrong, or for another URL");
    }

    private Verdict custom(String encoded, Check check, Visit visit) {
        Optional<byte[]> text = encoded.length() > LONGEST_POLICY ? Optional.empty() : CloudFrontText.decode(encoded);
        if (text.isEmpty()) {
            return new Verdict.Refused("its Policy is not written as CloudFront does");
        }
        if (!check.holds(text.get())) {
            return new Verdict.Refused("it is wrong");
        }
        CloudFrontPolicy policy;
        try {
            policy = CloudFrontPolicy.parse(text.get());
        } catch (IllegalArgumentException malformed) {
            return new Verdict.Refused(String.valueOf(malformed.getMessage()));
        }
        return bases.stream().anyMatch(base -> policy.covers(base + visit.pathAndQuery()))
                ? hold(policy, visit)
                : new Verdict.Refused("it is for another URL");
    }

    private static Verdict hold(CloudFrontPolicy policy, Visit visit) {
        return Conditions.objection(policy.notBefore(), policy.expires(), policy.ip(), visit)
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Granted(policy.expires(), null, policy.ip() != null));
    }
}
