package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Bucket;
import dev.safelight.store.Rights;
import dev.safelight.store.s3.SignatureV4;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An S3 browser upload: a form whose signed policy is checked in full before a byte of its file is read.
///
/// The file goes straight to disk, so that a form costs the same memory whatever its size. It becomes an
/// object only when its form has ended as it should, and never in place of another object: a grant that is
/// sent twice, or by two at once, stores one.
final class FormPost {
    private static final int FIELDS = 32;
    private static final int FIELD_BYTES = 20 * 1024;
    private static final String META = "x-amz-meta-";

    private static final Set<String> KNOWN = Set.of(
            "content-type",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "key",
            "bucket",
            "policy",
            "success_action_status",
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-signature");

    private final StoreKeys keys;
    private final Map<String, Bucket> buckets;
    private final String region;
    private final Publisher publisher;
    private final NamedLocks transfers;
    private final InstantSource clock;

    /// @param transfers those of strangers, of which each key takes one at a time
    FormPost(
            StoreKeys keys,
            Map<String, Bucket> buckets,
            String region,
            Publisher publisher,
            NamedLocks transfers,
            InstantSource clock) {
        this.keys = keys;
        this.buckets = buckets;
        this.region = region;
        this.publisher = publisher;
        this.transfers = transfers;
        this.clock = clock;
    }

    /// What was stored, and the status that the form asked for.
    record Stored(String bucket, String key, String etag, int status) {}

    /// A form whose sender is known, read up to its file.
    ///
    /// @param length the declared length of the whole body, negative if unknown
    record Signed(String bucket, Map<String, String> fields, FormReader form, FormReader.Part file, long length) {}

    /// Reads the fields and checks their signature.
    ///
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception for whatever the client did wrong
    Signed open(String bucket, @Nullable String contentType, long length, InputStream body) throws IOException {
        FormReader form = new FormReader(body, boundary(contentType));
        Map<String, String> fields = new TreeMap<>();
        FormReader.Part file = readFields(form, fields);
        authenticate(bucket, fields);
        return new Signed(bucket, fields, form, file, length);
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception for whatever the client did wrong
    Stored store(Signed signed) throws IOException {
        String bucket = signed.bucket();
        Map<String, String> fields = signed.fields();
        FormReader form = signed.form();
        PostPolicy policy = PostPolicy.parse(field(fields, "policy"));
        policy.check(bucket, fields, clock.instant());
        KeptHeaders headers = headers(fields);
        String key = field(fields, "key");
        GuardedBlobStore.requireStorable(key);
        requirePossible(policy, signed.length() - form.consumed() - form.endLength(), signed.length());
        try (NamedLocks.Held turn = transfers.exclusive(bucket + "/" + key)) {
            publisher.requireAbsent(bucket, key, false);
            return store(signed, policy, headers, key);
        }
    }

    private Stored store(Signed signed, PostPolicy policy, KeptHeaders headers, String key) throws IOException {
        try (Staging.Staged staged =
                publisher.staging().write(headers, new Limited(signed.file().body(), policy.largest()))) {
            if (signed.form().next().isPresent()) {
                throw StoreError.INVALID_ARGUMENT.with("The file must be the last field of the form.");
            }
            if (staged.bytes() < policy.smallest()) {
                throw StoreError.ENTITY_TOO_SMALL.with("The file is smaller than its policy allows.");
            }
            publisher.publish(staged, signed.bucket(), key, false, "Post");
            return new Stored(signed.bucket(), key, staged.etag(), status(signed.fields()));
        }
    }

    private static String boundary(@Nullable String contentType) {
        HeaderValue type =
                contentType == null ? null : HeaderValue.parse(contentType).orElse(null);
        String boundary = type == null ? null : type.parameters().get("boundary");
        if (type == null || boundary == null || !type.value().equals("multipart/form-data")) {
            throw StoreError.MALFORMED_POST.with("The body must be multipart/form-data with a boundary.");
        }
        return boundary;
    }

    /// Reads up to the file and returns it unread.
    private static FormReader.Part readFields(FormReader form, Map<String, String> fields) throws IOException {
        int budget = FIELD_BYTES;
        while (true) {
            FormReader.Part part =
                    form.next().orElseThrow(() -> StoreError.INVALID_ARGUMENT.with("POST requires exactly one file."));
            String name = part.name().toLowerCase(Locale.ROOT);
            if (name.equals("file")) {
                return part;
            }
            byte[] value = part.body().readNBytes(budget + 1);
            budget -= value.length + name.length();
            if (budget < 0 || fields.size() == FIELDS) {
                throw StoreError.MALFORMED_POST.with("The fields before the file are too many or too long.");
            }
            if (part.isFile() || fields.put(name, new String(value, UTF_8)) != null) {
                throw StoreError.INVALID_ARGUMENT.with("A field is given twice or sent as a file.");
            }
        }
    }

    private void authenticate(String bucketName, Map<String, String> fields) {
        if (!fields.containsKey("policy")) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        String[] credential = field(fields, "x-amz-credential").split("/", -1);
        String date = credential.length > 1 ? credential[1] : "";
        if (!field(fields, "x-amz-algorithm").equals(SignatureV4.ALGORITHM)
                || !field(fields, "x-amz-credential").equals(SignatureV4.credential(credential[0], date, region))
                || !field(fields, "x-amz-date").startsWith(date + "T")) {
            throw StoreError.INVALID_ARGUMENT.with("The algorithm, credential or date of the signature is not valid.");
        }
        StoreKeys.Key key = keys.find(credential[0])
                .orElseThrow(() -> StoreError.INVALID_ACCESS_KEY.with("The access key does not exist."));
        String expected = SignatureV4.sign(key.secret(), date, region, field(fields, "policy"));
        if (!MessageDigest.isEqual(
                expected.getBytes(UTF_8), field(fields, "x-amz-signature").getBytes(UTF_8))) {
            throw StoreError.SIGNATURE_MISMATCH.with("The signature does not match the policy.");
        }
        Bucket bucket = buckets.get(bucketName);
        if (bucket == null || !Rights.of(key.role(), bucket).contains(Rights.CREATE)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw StoreError.INVALID_ARGUMENT.with("Bucket POST must contain a field named '" + name + "'.");
        }
        return value;
    }

    /// Takes every field or refuses the form: one that was signed but ignored would be a promise not kept.
    private static KeptHeaders headers(Map<String, String> fields) {
        Map<String, String> metadata = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(META)) {
                metadata.put(name.substring(META.length()), value);
            } else if (!KNOWN.contains(name)) {
                throw StoreError.NOT_IMPLEMENTED.with("A field of the form is not supported: " + name);
            }
        });
        return new KeptHeaders(
                fields.getOrDefault("content-type", KeptHeaders.NO_TYPE),
                fields.get("cache-control"),
                fields.get("content-disposition"),
                fields.get("content-encoding"),
                null,
                metadata);
    }

    /// Spares both sides a transfer that its declared length already condemns.
    private static void requirePossible(PostPolicy policy, long rest, long length) {
        if (length < 0) {
            return;
        }
        // A form may end in CR LF or not.
        if (rest - 2 > policy.largest()) {
            throw tooLarge();
        }
        if (rest < policy.smallest()) {
            throw StoreError.ENTITY_TOO_SMALL.with("The file is smaller than its policy allows.");
        }
    }

    private static int status(Map<String, String> fields) {
        return switch (fields.getOrDefault("success_action_status", "204")) {
            case "200" -> 200;
            case "201" -> 201;
            default -> 204;
        };
    }

    private static RuntimeException tooLarge() {
        return StoreError.ENTITY_TOO_LARGE.with("The file exceeds the size that its policy allows.");
    }

    /// Ends a transfer with the first byte too many.
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long limit) {
            super(in);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw tooLarge();
            }
        }
    }
}
