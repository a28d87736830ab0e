package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.MultipartUploads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Signs what leaves the client no choice: bucket, key, type and size are those of the grant.
///
/// A form's policy is the text that is signed. An address is signed together with the headers that bind the
/// bytes, and a service refuses a request that lacks one of them or brings another value.
public final class S3DirectUpload implements DirectUpload {
    /// The longest time that S3 lets a signed address be used.
    private static final Duration LONGEST = Duration.ofDays(7);

    /// Parameters of our own in the signed address of a part, which S3 services sign and else ignore, as all
    /// unknown ones that begin so.
    public static final String LEAST_BYTES = "x-min-bytes";

    public static final String MOST_BYTES = "x-max-bytes";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final S3Settings settings;
    private final InstantSource clock;
    private final SignedAddress address;

    public S3DirectUpload(S3Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.address = new SignedAddress(settings, clock);
    }

    @Override
    public PostGrant post(BlobKey key, String contentType, long smallest, long largest, Instant expires) {
        Instant now = clock.instant();
        Instant expiry = expires.truncatedTo(ChronoUnit.SECONDS);
        String bucket = settings.name(key.bucket());

        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", key.key());
        fields.put("Content-Type", contentType);
        fields.put("success_action_status", "201");
        fields.putAll(encryption(key));
        fields.put("x-amz-algorithm", SignatureV4.ALGORITHM);
        fields.put(
                "x-amz-credential",
                SignatureV4.credential(settings.accessKey(), SignedAddress.DAY.format(now), settings.region()));
        fields.put("x-amz-date", SignedAddress.SECOND.format(now));

        String policy = policy(bucket, fields, smallest, largest, expiry);
        fields.put("policy", policy);
        fields.put(
                "x-amz-signature",
                SignatureV4.sign(settings.secretKey(), SignedAddress.DAY.format(now), settings.region(), policy));
        return new PostGrant(address.url(bucket), fields, expiry);
    }

    @Override
    public PutGrant put(BlobKey key, String contentType, long bytes, Instant expires) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", contentType);
        headers.put("content-length", String.valueOf(bytes));
        headers.put("if-none-match", "*");
        headers.putAll(encryption(key));
        Map<String, String> sent = new LinkedHashMap<>(Map.of("Content-Type", contentType, "If-None-Match", "*"));
        sent.putAll(encryption(key));
        Instant expiry = expiry(expires);
        return new PutGrant(address.sign("PUT", key, new TreeMap<>(), headers, expiry), sent, expiry);
    }

    @Override
    public PartGrant part(BlobKey key, String uploadId, int number, long smallest, long largest, Instant expires) {
        if (number < 1 || number > MultipartUploads.MOST_PARTS) {
            throw new IllegalArgumentException("not the number of a part: " + number);
        }
        if (smallest < 0 || smallest > largest) {
            throw new IllegalArgumentException("not a range of sizes: " + smallest + " to " + largest);
        }
        SortedMap<String, String> query = new TreeMap<>();
        query.put("partNumber", String.valueOf(number));
        query.put("uploadId", uploadId);
        SortedMap<String, String> headers = new TreeMap<>();
        if (smallest == largest) {
            headers.put("content-length", String.valueOf(largest));
        } else {
            query.put(LEAST_BYTES, String.valueOf(smallest));
            query.put(MOST_BYTES, String.valueOf(largest));
        }
        Instant expiry = expiry(expires);
        return new PartGrant(number, address.sign("PUT", key, query, headers, expiry), expiry);
    }

    /// What the client has to send so that the service encrypts; signed, lest it leaves that out. Parts need
    /// nothing of it: how they are encrypted was said when their upload began.
    private Map<String, String> encryption(BlobKey key) {
        if (!settings.encryption().onRead(key.bucket()).isEmpty()) {
            throw new IllegalStateException("a grant would hand the customer key to a client");
        }
        return settings.encryption().onWrite(key.bucket());
    }

    private Instant expiry(Instant wanted) {
        Instant expiry = wanted.truncatedTo(ChronoUnit.SECONDS);
        Instant latest = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(LONGEST);
        return expiry.isAfter(latest) ? latest : expiry;
    }

    private static String policy(
            String bucket, Map<String, String> fields, long smallest, long largest, Instant expires) {
        List<Object> conditions = new ArrayList<>();
        conditions.add(Map.of("bucket", bucket));
        fields.forEach((name, value) -> conditions.add(List.of("eq", "$" + name, value)));
        conditions.add(List.of("content-length-range", smallest, largest));
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("expiration", expires.toString());
        policy.put("conditions", conditions);
        return Base64.getEncoder()
                .encodeToString(JSON.writeValueAsString(policy).getBytes(StandardCharsets.UTF_8));
    }
}
