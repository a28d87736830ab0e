package dev.safelight.store;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One aspect of how a bucket is set up, as it is wanted or as a store tells it.
///
/// Two of them are the same when their lines are: in lines, no order and no spelling of a service counts.
/// One without lines stands for what is not set at all.
public sealed interface BucketSetting {
    /// What can be set up of a bucket.
    enum Aspect {
        /// Whether access lists of objects can make them public.
        PUBLIC_ACCESS,
        /// Who may do what.
        POLICY,
        CORS,
        LIFECYCLE,
        VERSIONING,
        ENCRYPTION,
        NOTIFICATION,
        TAGS;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// Whether others may have settings beside ours here, which stay as they are.
        public boolean isShared() {
            return this == TAGS || this == NOTIFICATION || this == PUBLIC_ACCESS;
        }
    }

    Aspect aspect();

    /// What is set, each part of it on a line of its own.
    SortedSet<String> lines();

    default boolean isEmpty() {
        return lines().isEmpty();
    }

    /// What a store with these lines still lacks, and what it has too much.
    default boolean isSatisfiedBy(SortedSet<String> current) {
        return aspect().isShared() ? current.containsAll(lines()) : current.equals(lines());
    }

    private static SortedSet<String> sorted(List<String> lines) {
        return new TreeSet<>(lines);
    }

    /// @param ignoresLists whether access lists that make objects public are ignored
    /// @param takesPublicPolicies whether a policy may let everybody read; null where that is nobody's business
    record PublicAccess(boolean ignoresLists, @Nullable Boolean takesPublicPolicies) implements BucketSetting {
        @Override
        public Aspect aspect() {
            return Aspect.PUBLIC_ACCESS;
        }

        @Override
        public SortedSet<String> lines() {
            SortedSet<String> lines = new TreeSet<>();
            if (ignoresLists) {
                lines.add("public access lists: ignored");
            }
            if (Boolean.TRUE.equals(takesPublicPolicies)) {
                lines.add("public policies: allowed");
            }
            return lines;
        }
    }

    /// @param statements of a policy document, each as JSON in a canonical form
    record Policy(List<String> statements) implements BucketSetting {
        public Policy {
            statements = List.copyOf(statements);
        }

        @Override
        public Aspect aspect() {
            return Aspect.POLICY;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(statements);
        }
    }

    /// Rules for web pages.
    record Cors(List<WebRule> rules) implements BucketSetting {
        /// @param maxAge seconds that a browser may remember the answer
        public record WebRule(
                SortedSet<String> origins,
                SortedSet<String> methods,
                SortedSet<String> headers,
                SortedSet<String> exposed,
                int maxAge) {}

        public Cors {
            rules = List.copyOf(rules);
        }

        @Override
        public Aspect aspect() {
            return Aspect.CORS;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(rules.stream()
                    .map(rule -> "%s from %s with %s, exposes %s, for %d s"
                            .formatted(
                                    String.join(" ", rule.methods()),
                                    String.join(" ", rule.origins()),
                                    String.join(" ", rule.headers()),
                                    String.join(" ", rule.exposed()),
                                    rule.maxAge()))
                    .toList());
        }
    }

    /// What happens to objects with time.
    record Lifecycle(List<Rule> rules) implements BucketSetting {
        /// @param prefix of the keys it is about; empty for all
        /// @param action what it does, in words and in days
        public record Rule(String id, String prefix, Action action) {}

        /// What a rule does after some days.
        public sealed interface Action {
            record Expire(int days) implements Action {}

            record ExpireNoncurrent(int days) implements Action {}

            /// Removes the marks of deleted objects of which no version is left.
            record RemoveMarkers() implements Action {}

            record AbortUploads(int days) implements Action {}

            record Move(int days, String storageClass) implements Action {}

            /// What this program never asks for, in the words of the service.
            record Other(String what) implements Action {}

            default String text() {
                return switch (this) {
                    case Expire(int days) -> "expires after %d days".formatted(days);
                    case ExpireNoncurrent(int days) -> "noncurrent versions expire after %d days".formatted(days);
                    case RemoveMarkers() -> "marks of deleted objects go with their last version";
                    case AbortUploads(int days) -> "unfinished uploads are aborted after %d days".formatted(days);
                    case Move(int days, String to) -> "moves to %s after %d days".formatted(to, days);
                    case Other(String what) -> what;
                };
            }
        }

        public Lifecycle {
            rules = List.copyOf(rules);
        }

        @Override
        public Aspect aspect() {
            return Aspect.LIFECYCLE;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(rules.stream()
                    .map(rule -> (rule.prefix().isEmpty() ? "everything" : rule.prefix()) + ": "
                            + rule.action().text())
                    .toList());
        }
    }

    record Versioning(boolean enabled) implements BucketSetting {
        @Override
        public Aspect aspect() {
            return Aspect.VERSIONING;
        }

        @Override
        public SortedSet<String> lines() {
            return enabled ? sorted(List.of("versions are kept")) : new TreeSet<>();
        }
    }

    /// @param key of the key service; null for keys of the store itself
    record Encryption(String algorithm, @Nullable String key) implements BucketSetting {
        @Override
        public Aspect aspect() {
            return Aspect.ENCRYPTION;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(List.of(key == null ? algorithm : algorithm + " with " + key));
        }
    }

    /// @param target the queue, topic or function that is told, by its ARN
    /// @param prefix of the keys it is told of
    record Notification(String target, String prefix) implements BucketSetting {
        @Override
        public Aspect aspect() {
            return Aspect.NOTIFICATION;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(List.of("new objects below %s are told to %s".formatted(prefix, target)));
        }
    }

    record Tags(Map<String, String> tags) implements BucketSetting {
        public Tags {
            tags = Map.copyOf(tags);
        }

        @Override
        public Aspect aspect() {
            return Aspect.TAGS;
        }

        @Override
        public SortedSet<String> lines() {
            return sorted(tags.entrySet().stream()
                    .map(tag -> tag.getKey() + "=" + tag.getValue())
                    .collect(Collectors.toList()));
        }
    }
}
