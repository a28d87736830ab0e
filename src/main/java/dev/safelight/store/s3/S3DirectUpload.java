package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.DirectUpload;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Grants form POSTs by signing a policy that leaves the client no choice: bucket, key, type and size are exact.
///
/// Signing needs no request to the service, so a grant costs microseconds.
public final class S3DirectUpload implements DirectUpload {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final S3Settings settings;
    private final InstantSource clock;

    public S3DirectUpload(S3Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public PostGrant post(BlobKey key, String contentType, long bytes, Instant expires) {
        Instant now = clock.instant();
        Instant expiry = expires.truncatedTo(ChronoUnit.SECONDS);
        String bucket = settings.name(key.bucket());

        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", key.key());
        fields.put("Content-Type", contentType);
        fields.put("success_action_status", "201");
        fields.put("x-amz-algorithm", PolicySignature.ALGORITHM);
        fields.put(
                "x-amz-credential",
                PolicySignature.credential(settings.accessKey(), DAY.format(now), settings.region()));
        fields.put("x-amz-date", SECOND.format(now));

        String policy = policy(bucket, fields, bytes, expiry);
        fields.put("policy", policy);
        fields.put(
                "x-amz-signature",
                PolicySignature.sign(settings.secretKey(), DAY.format(now), settings.region(), policy));
        return new PostGrant(url(bucket), fields, expiry);
    }

    private static String policy(String bucket, Map<String, String> fields, long bytes, Instant expires) {
        List<Object> conditions = new ArrayList<>();
        conditions.add(Map.of("bucket", bucket));
        fields.forEach((name, value) -> conditions.add(List.of("eq", "$" + name, value)));
        conditions.add(List.of("content-length-range", bytes, bytes));
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("expiration", expires.toString());
        policy.put("conditions", conditions);
        return Base64.getEncoder()
                .encodeToString(JSON.writeValueAsString(policy).getBytes(StandardCharsets.UTF_8));
    }

    private URI url(String bucket) {
        URI endpoint = settings.publicEndpoint();
        if (settings.pathStyle()) {
            String base = endpoint.toString();
            return URI.create((base.endsWith("/") ? base : base + "/") + bucket);
        }
        return URI.create(endpoint.getScheme() + "://" + bucket + "." + endpoint.getAuthority() + "/");
    }
}
