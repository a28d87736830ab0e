package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the buckets are to be set up, under `safelight.storage`.
///
/// @param environment what this installation is called in the buckets' tags, such as `production`; 1 to 64 of
///     `a-z 0-9 . _ -`
/// @param principals who the roles are to the store, as bucket policies name them: `arn:aws:iam::123456789012:user/x`
///     at Amazon, `arn:aws:iam:::user/x` at Ceph. All of uploader, worker, delivery and marketing or none, admin
///     besides where the store gives objects to their writer, as Ceph does. Without them policies are not applied
/// @param keepStatements the Sid of each statement in the buckets' policies that somebody else is to have there, such
///     as a CDN. Without principals all statements of others stay
/// @param approvedOnly whether the store itself keeps from delivery what in the user bucket has no tag `status` with
///     the value `approved`; where objects can have tags
/// @param marketingPublic whether everybody may read the marketing bucket past Safelight, whatever is decided here
/// @param transitions where originals move with time, each as days and storage class like `30d:STANDARD_IA`; classes
///     that a store does not have are left out. Those that cannot be read at once make reprocessing fail
/// @param derivedExpiry how long results on request are kept in the buckets, whole days
/// @param noncurrentExpiry how long replaced or deleted objects can be had back where versions are kept, whole days
/// @param abortIncomplete after which time the store ends unfinished uploads in parts, whole days
/// @param versioned the buckets whose objects keep their versions
/// @param encryption what the store is told to encrypt objects with: none leaves that to the store
/// @param kmsKey the key for sse-kms
/// @param notificationTarget the SQS queue, SNS topic or function that is told of new originals, by its ARN; nobody
/// when not set
/// @param sweepDerived whether workers remove expired results on request themselves; by default where the store is
///     the embedded one
@ConfigurationProperties("safelight.storage")
public record StorageSettings(
        @DefaultValue("default") String environment,
        @DefaultValue Map<StoreRole, String> principals,
        @DefaultValue Set<String> keepStatements,
        @DefaultValue("true") boolean approvedOnly,
        @DefaultValue("false") boolean marketingPublic,
        @DefaultValue({"30d:STANDARD_IA", "90d:GLACIER_IR"}) List<String> transitions,
        @DefaultValue("30d") Duration derivedExpiry,
        @DefaultValue("30d") Duration noncurrentExpiry,
        @DefaultValue("7d") Duration abortIncomplete,
        @DefaultValue({"raw", "marketing"}) Set<Bucket> versioned,
        @DefaultValue("none") Encryption encryption,
        @Nullable String kmsKey,
        @Nullable String notificationTarget,
        @Nullable Boolean sweepDerived) {

    /// What objects are encrypted with by default.
    public enum Encryption {
        NONE,
        SSE_S3,
        SSE_KMS
    }

    /// Those whose rights a policy states; the administrator's come from owning the buckets.
    static final List<StoreRole> NAMED =
            List.of(StoreRole.UPLOADER, StoreRole.WORKER, StoreRole.DELIVERY, StoreRole.MARKETING);

    private static final Pattern TRANSITION = Pattern.compile("([1-9][0-9]{0,4})d:([A-Z][A-Z0-9_]{0,63})");
    private static final Pattern PRINCIPAL =
            Pattern.compile("arn:[a-z-]+:(iam|sts)::[A-Za-z0-9_-]*:[A-Za-z0-9+=,.@_/$-]+");
    private static final Pattern TARGET = Pattern.compile("arn:[a-z-]+:(sqs|sns|lambda):[^:]*:[^:]*:.+");

    public StorageSettings {
        principals = Map.copyOf(principals);
        transitions = List.copyOf(transitions);
        versioned = Set.copyOf(versioned);
        keepStatements = Set.copyOf(keepStatements);
        if (!environment.matches("[a-z0-9._-]{1,64}")) {
            throw wrong("environment", "1 to 64 of a-z 0-9 . _ -", environment);
        }
        requireDays("derived-expiry", derivedExpiry);
        requireDays("noncurrent-expiry", noncurrentExpiry);
        requireDays("abort-incomplete", abortIncomplete);
        requirePrincipals(principals);
        moves(transitions);
        if (encryption == Encryption.SSE_KMS ? kmsKey == null || kmsKey.isBlank() : kmsKey != null) {
            throw new IllegalArgumentException(
                    "safelight.storage.kms-key must be set for encryption sse-kms, and for nothing else");
        }
        if (notificationTarget != null && !TARGET.matcher(notificationTarget).matches()) {
            throw wrong(
                    "notification-target", "the ARN of an SQS queue, an SNS topic or a function", notificationTarget);
        }
    }

    private static void requirePrincipals(Map<StoreRole, String> principals) {
        if (principals.isEmpty()) {
            return;
        }
        List<String> missing = NAMED.stream()
                .filter(role -> !principals.containsKey(role))
                .map(StoreRole::text)
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "safelight.storage.principals must name uploader, worker, delivery and marketing, or nobody; missing: "
                            + String.join(", ", missing));
        }
        principals.forEach((role, arn) -> {
            if (!PRINCIPAL.matcher(arn).matches()) {
                throw wrong("principals." + role.text(), "an ARN like arn:aws:iam::123456789012:user/x", arn);
            }
        });
        if (new HashSet<>(principals.values()).size() < principals.size()) {
            throw new IllegalArgumentException(
                    "safelight.storage.principals must be different users: each has rights that others must not have");
        }
    }

    private static void requireDays(String name, Duration value) {
        if (value.toDays() < 1 || value.toDays() > 36_500 || !value.equals(Duration.ofDays(value.toDays()))) {
            throw wrong(name, "whole days from 1d on", value);
        }
    }

    private static IllegalArgumentException wrong(String name, String allowed, Object value) {
        return new IllegalArgumentException(
                "safelight.storage.%s must be %s, not \"%s\"".formatted(name, allowed, value));
    }

    /// The storage classes of originals, by the days after which they move there.
    SortedMap<Integer, String> moves() {
        return moves(transitions);
    }

    private static SortedMap<Integer, String> moves(List<String> transitions) {
        SortedMap<Integer, String> moves = new TreeMap<>();
        for (String text : transitions) {
            Matcher matcher = TRANSITION.matcher(text);
            if (!matcher.matches() || moves.put(Integer.valueOf(matcher.group(1)), matcher.group(2)) != null) {
                throw wrong("transitions", "a list like 30d:STANDARD_IA,90d:GLACIER_IR, each day once", text);
            }
        }
        return moves;
    }

    int days(Duration duration) {
        return (int) duration.toDays();
    }

    /// Whether workers remove expired results themselves.
    boolean sweeps(boolean embedded) {
        return sweepDerived == null ? embedded : sweepDerived;
    }

    /// The same for other principals, such as those that somebody names on the command line.
    public StorageSettings withPrincipals(Map<StoreRole, String> others) {
        return new StorageSettings(
                environment,
                others,
                keepStatements,
                approvedOnly,
                marketingPublic,
                transitions,
                derivedExpiry,
                noncurrentExpiry,
                abortIncomplete,
                versioned,
                encryption,
                kmsKey,
                notificationTarget,
                sweepDerived);
    }
}
