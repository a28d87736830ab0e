package dev.safelight.store.embedded;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a signed form POST allows: the policy document of an S3 browser upload.
///
/// @param smallest bytes of the file, at least
/// @param largest bytes of the file, at most
record PostPolicy(Instant expires, List<Condition> conditions, long smallest, long largest) {
    /// The largest object that S3 takes in one request.
    static final long LARGEST_OBJECT = 5L << 30;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// Fields that belong to the signature and can have no condition.
    private static final Set<String> UNCONDITIONED = Set.of("policy", "x-amz-signature");

    /// A condition on one field of the form; names are in lower case.
    sealed interface Condition {
        String field();

        boolean holds(String value);

        record Exact(String field, String expected) implements Condition {
            @Override
            public boolean holds(String value) {
                return value.equals(expected);
            }
        }

        record Prefix(String field, String expected) implements Condition {
            @Override
            public boolean holds(String value) {
                return value.startsWith(expected);
            }
        }
    }

    static PostPolicy parse(String base64) {
        try {
            byte[] json = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.UTF_8));
            JsonNode root = JSON.readTree(json);
            Instant expires = Instant.parse(text(root.path("expiration")));
            if (!root.path("conditions").isArray() || root.size() != 2) {
                throw invalid("it needs exactly an expiration and a list of conditions");
            }
            List<Condition> conditions = new ArrayList<>();
            long smallest = 0;
            long largest = LARGEST_OBJECT;
            for (JsonNode node : root.path("conditions")) {
                if (isRange(node)) {
                    smallest = Math.max(smallest, number(node.path(1)));
                    largest = Math.min(largest, number(node.path(2)));
                } else {
                    conditions.add(condition(node));
                }
            }
            return new PostPolicy(expires, List.copyOf(conditions), smallest, largest);
        } catch (IllegalArgumentException | JacksonException | DateTimeException e) {
            throw invalid("it is not Base64 of JSON with an ISO 8601 expiration");
        }
    }

    /// Throws AccessDenied unless the policy is in force, every condition holds and every field has one.
    void check(String bucket, Map<String, String> fields, Instant now) {
        if (!now.isBefore(expires)) {
            throw denied("Policy expired.");
        }
        Set<String> conditioned = new HashSet<>(UNCONDITIONED);
        for (Condition condition : conditions) {
            String value = condition.field().equals("bucket") ? bucket : fields.get(condition.field());
            if (value == null || !condition.holds(value)) {
                throw denied("Policy Condition failed: $" + condition.field());
            }
            conditioned.add(condition.field());
        }
        if (!conditioned.contains("bucket") || !conditioned.contains("key")) {
            throw denied("The policy must name a bucket and a key.");
        }
        for (String field : fields.keySet()) {
            if (!conditioned.contains(field) || (field.equals("bucket") && !bucket.equals(fields.get(field)))) {
                throw denied("Extra input fields: " + field);
            }
        }
    }

    private static boolean isRange(JsonNode node) {
        return node.isArray()
                && node.size() == 3
                && node.path(0).isString()
                && node.path(0).stringValue().equalsIgnoreCase("content-length-range");
    }

    private static Condition condition(JsonNode node) {
        if (node.isObject() && node.size() == 1) {
            Map.Entry<String, JsonNode> entry = node.properties().iterator().next();
            return new Condition.Exact(entry.getKey().toLowerCase(Locale.ROOT), text(entry.getValue()));
        }
        if (!node.isArray() || node.size() != 3 || !text(node.path(1)).startsWith("$")) {
            throw invalid("it has a condition of unknown form");
        }
        String field = text(node.path(1)).substring(1).toLowerCase(Locale.ROOT);
        String expected = text(node.path(2));
        return switch (text(node.path(0)).toLowerCase(Locale.ROOT)) {
            case "eq" -> new Condition.Exact(field, expected);
            case "starts-with" -> new Condition.Prefix(field, expected);
            default -> throw invalid("it has a condition of unknown kind");
        };
    }

    private static String text(JsonNode node) {
        if (!node.isString()) {
            throw invalid("text is missing where it is needed");
        }
        return node.stringValue();
    }

    private static long number(JsonNode node) {
        if (!node.canConvertToLong() || !node.isIntegralNumber() || node.longValue() < 0) {
            throw invalid("a length is not a number");
        }
        return node.longValue();
    }

    private static RuntimeException denied(String why) {
        return StoreError.ACCESS_DENIED.with("Invalid according to Policy: " + why);
    }

    private static RuntimeException invalid(String why) {
        return StoreError.INVALID_POLICY.with("Invalid Policy: " + why + ".");
    }
}
