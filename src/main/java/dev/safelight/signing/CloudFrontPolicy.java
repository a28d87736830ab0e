package dev.safelight.signing;

import dev.safelight.asset.AddressRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A policy statement of CloudFront.
///
/// @param resource the URLs that it covers, with `*` and `?` as wildcards; null for all
/// @param expires `DateLessThan`, to the second; the first moment at which it is too late
/// @param notBefore `DateGreaterThan`, to the second; the first moment at which it holds
/// @param ip `IpAddress`
public record CloudFrontPolicy(
        @Nullable String resource,
        Instant expires,
        @Nullable Instant notBefore,
        @Nullable AddressRange ip) {
    private static final String RESOURCE = "Resource";
    private static final String CONDITION = "Condition";
    private static final String TIME = "AWS:EpochTime";
    private static final String LATEST = "DateLessThan";
    private static final String EARLIEST = "DateGreaterThan";
    private static final String ADDRESS = "IpAddress";
    private static final String SOURCE = "AWS:SourceIp";
    /// Beyond the year 5000: what is later is a mistake, and must not overflow.
    private static final long LAST_SECOND = 99_999_999_999L;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public CloudFrontPolicy {
        expires = expires.truncatedTo(ChronoUnit.SECONDS);
        notBefore = notBefore == null ? null : notBefore.truncatedTo(ChronoUnit.SECONDS);
    }

    /// The canned policy of one URL.
    static CloudFrontPolicy canned(String url, Instant expires) {
        return new CloudFrontPolicy(url, expires, null, null);
    }

    /// Whether a canned policy says all of it: one URL, and when it expires.
    boolean isCanned() {
        return resource != null && !Wildcard.isIn(resource) && notBefore == null && ip == null;
    }

    /// The JSON that is signed, without white space and in the order in which CloudFront's documentation
    /// gives it. For a canned policy this is the very text that CloudFront puts together itself.
    String text() {
        StringBuilder text = new StringBuilder("{\"Statement\":[{");
        if (resource != null) {
            text.append("\"Resource\":").append(quoted(resource)).append(',');
        }
        text.append("\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":")
                .append(expires.getEpochSecond())
                .append('}');
        if (notBefore != null) {
            text.append(",\"DateGreaterThan\":{\"AWS:EpochTime\":")
                    .append(notBefore.getEpochSecond())
                    .append('}');
        }
        if (ip != null) {
            text.append(",\"IpAddress\":{\"AWS:SourceIp\":\"").append(ip).append("\"}");
        }
        return text.append("}}]}").toString();
    }

    /// URLs hold neither quotes nor backslashes; should one, it must not become JSON of its own.
    private static String quoted(String url) {
        if (url.chars().anyMatch(c -> c == '"' || c == '\\' || c <= ' ')) {
            throw new IllegalArgumentException("no URL: " + url);
        }
        return '"' + url + '"';
    }

    /// Reads a policy whose signature is right. What is not known in it could be a condition, so it is
    /// refused.
    ///
    /// @throws IllegalArgumentException saying what cannot be read
    static CloudFrontPolicy parse(byte[] json) {
        JsonNode policy;
        try {
            policy = JSON.readTree(json);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("its policy is no JSON", malformed);
        }
        JsonNode statements = only(policy, "Statement").path("Statement");
        if (!statements.isArray() || statements.size() != 1) {
            throw new IllegalArgumentException("its policy must have one Statement");
        }
        JsonNode statement = only(statements.path(0), RESOURCE, CONDITION);
        JsonNode resource = statement.path(RESOURCE);
        if (!resource.isMissingNode() && !resource.isString()) {
            throw new IllegalArgumentException("its Resource is no text");
        }
        JsonNode condition = only(statement.path(CONDITION), LATEST, EARLIEST, ADDRESS);
        return new CloudFrontPolicy(
                resource.isMissingNode() ? null : resource.asString(),
                moment(condition, LATEST)
                        .orElseThrow(() -> new IllegalArgumentException("its policy needs DateLessThan")),
                moment(condition, EARLIEST).orElse(null),
                address(condition));
    }

    private static JsonNode only(JsonNode node, String... names) {
        if (!node.isObject() || !Set.of(names).containsAll(node.propertyNames())) {
            throw new IllegalArgumentException(
                    "its policy may have no more than Statement, Resource, Condition, DateLessThan, DateGreaterThan"
                            + " and IpAddress, each in its place");
        }
        return node;
    }

    private static Optional<Instant> moment(JsonNode condition, String name) {
        if (!condition.has(name)) {
            return Optional.empty();
        }
        JsonNode time = only(condition.path(name), TIME).path(TIME);
        if (!time.isIntegralNumber() || !time.canConvertToLong() || time.asLong() < 1 || time.asLong() > LAST_SECOND) {
            throw new IllegalArgumentException("its " + name + " is not in seconds since 1970");
        }
        return Optional.of(Instant.ofEpochSecond(time.asLong()));
    }

    private static @Nullable AddressRange address(JsonNode condition) {
        if (!condition.has(ADDRESS)) {
            return null;
        }
        JsonNode source = only(condition.path(ADDRESS), SOURCE).path(SOURCE);
        return AddressRange.parse(source.asString(""))
                .orElseThrow(() -> new IllegalArgumentException("its IpAddress is no address and no range of them"));
    }

    boolean covers(String url) {
        return resource == null || Wildcard.matches(resource, url);
    }
}
