package dev.safelight.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Bucket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/// What the store itself lets each identity do in each bucket, whatever our code would ask it for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class LeastPrivilegeContract {
    private static final RequestBody BODY = RequestBody.fromString("hello");
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:*",
             "Resource":["arn:aws:s3:::NAME","arn:aws:s3:::NAME/*"]}]}""";

    /// Create, Overwrite, Read, List, Delete, Multipart, Abort, Tag; all that is not listed must be refused.
    private static final Map<String, String> ALLOWED = Map.ofEntries(
            Map.entry("UPLOADER RAW", "CLMA"),
            Map.entry("WORKER RAW", "RL"),
            Map.entry("WORKER PROCESSED", "CORLDMAT"),
            Map.entry("WORKER USER", "CORLDMAT"),
            Map.entry("DELIVERY PROCESSED", "R"),
            Map.entry("DELIVERY USER", "R"),
            Map.entry("DELIVERY MARKETING", "R"),
            Map.entry("RENDERER RAW", "R"),
            Map.entry("RENDERER PROCESSED", "R"),
            Map.entry("RENDERER USER", "R"),
            Map.entry("RENDERER MARKETING", "R"),
            Map.entry("MARKETING MARKETING", "CORLDMAT"),
            Map.entry("ADMIN RAW", "CORLDMAT"),
            Map.entry("ADMIN PROCESSED", "CORLDMAT"),
            Map.entry("ADMIN USER", "CORLDMAT"),
            Map.entry("ADMIN MARKETING", "CORLDMAT"));

    protected abstract S3Client client(StoreRole role);

    protected abstract String name(Bucket bucket);

    /// Whether the store can let somebody create objects and not replace them.
    protected abstract boolean knowsCreation();

    /// Whether objects can have tags.
    protected abstract boolean knowsTags();

    static Stream<Arguments> rolesAndBuckets() {
        return Arrays.stream(StoreRole.values())
                .flatMap(role -> Arrays.stream(Bucket.values()).map(bucket -> Arguments.of(role, bucket)));
    }

    @ParameterizedTest
    @MethodSource("rolesAndBuckets")
    void givesEachRoleItsRightsAndNoMore(StoreRole role, Bucket bucket) {
        String allowed = ALLOWED.getOrDefault(role + " " + bucket, "");
        S3Client client = client(role);
        String there = stored(bucket);

        expect(
                allowed,
                'R',
                () -> client.getObjectAsBytes(r -> r.bucket(name(bucket)).key(there)));
        expect(allowed, 'L', () -> client.listObjectsV2(r -> r.bucket(name(bucket))));
        expect(allowed, 'C', () -> client.putObject(r -> r.bucket(name(bucket)).key(fresh()), BODY));
        if (role != StoreRole.UPLOADER || bucket != Bucket.RAW || knowsCreation()) {
            expect(
                    allowed,
                    'O',
                    () -> client.putObject(r -> r.bucket(name(bucket)).key(there), BODY));
        }
        expect(allowed, 'M', () -> sendInParts(client, bucket));
        expect(allowed, 'A', () -> {
            String key = fresh();
            String begun = (allowed.indexOf('A') < 0 ? client(StoreRole.ADMIN) : client)
                    .createMultipartUpload(r -> r.bucket(name(bucket)).key(key))
                    .uploadId();
            client.abortMultipartUpload(r -> r.bucket(name(bucket)).key(key).uploadId(begun));
        });
        if (knowsTags() || allowed.indexOf('T') < 0) {
            expect(
                    allowed,
                    'T',
                    () -> client.putObjectTagging(
                            r -> r.bucket(name(bucket)).key(there).tagging(approved())));
        }
        expect(
                allowed,
                'D',
                () -> client.deleteObject(r -> r.bucket(name(bucket)).key(there)));
        if (role != StoreRole.ADMIN) {
            refusesToSetUp(client, bucket);
        }
    }

    private void refusesToSetUp(S3Client client, Bucket bucket) {
        expect(
                "",
                'P',
                () -> client.putBucketPolicy(r -> r.bucket(name(bucket)).policy(POLICY.replace("NAME", name(bucket)))));
        expect("", 'B', () -> client.deleteBucket(r -> r.bucket(name(bucket))));
        expect("", 'X', () -> client.deleteBucketPolicy(r -> r.bucket(name(bucket))));
        String anybodys = stored(bucket);
        expect(
                "",
                'Z',
                () -> client.putObjectAcl(
                        r -> r.bucket(name(bucket)).key(anybodys).acl("public-read")));
    }

    /// Where the writer owns the object, it could do everything with it that is not denied.
    @ParameterizedTest
    @MethodSource("uploadersBucket")
    void letsTheUploaderDoNothingWithWhatItStored(Bucket bucket) {
        S3Client uploader = client(StoreRole.UPLOADER);
        String key = fresh();
        uploader.putObject(r -> r.bucket(name(bucket)).key(key), BODY);

        expect(
                "",
                'R',
                () -> uploader.getObjectAsBytes(r -> r.bucket(name(bucket)).key(key)));
        expect("", 'D', () -> uploader.deleteObject(r -> r.bucket(name(bucket)).key(key)));
        expect(
                "",
                'T',
                () -> uploader.putObjectTagging(
                        r -> r.bucket(name(bucket)).key(key).tagging(approved())));
        expect(
                "",
                'Z',
                () -> uploader.putObjectAcl(r -> r.bucket(name(bucket)).key(key).acl("public-read")));
        expect(
                "R",
                'R',
                () -> client(StoreRole.WORKER)
                        .getObjectAsBytes(r -> r.bucket(name(bucket)).key(key)));
    }

    static Stream<Bucket> uploadersBucket() {
        return Stream.of(Bucket.RAW);
    }

    private void sendInParts(S3Client client, Bucket bucket) {
        String key = fresh();
        String id = client.createMultipartUpload(r -> r.bucket(name(bucket)).key(key))
                .uploadId();
        String etag = client.uploadPart(
                        r -> r.bucket(name(bucket)).key(key).uploadId(id).partNumber(1), BODY)
                .eTag();
        client.completeMultipartUpload(r -> r.bucket(name(bucket))
                .key(key)
                .uploadId(id)
                .multipartUpload(m ->
                        m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())));
    }

    private static void expect(String allowed, char operation, Runnable attempt) {
        int status = 200;
        try {
            attempt.run();
        } catch (S3Exception e) {
            status = e.statusCode();
        }
        if (allowed.indexOf(operation) >= 0) {
            assertThat(status).as("%s must be allowed", operation).isEqualTo(200);
        } else {
            // A store without the operation refuses it to all, and one that replaces nothing says so.
            assertThat(status).as("%s must be refused", operation).isIn(403, 405, 412, 501);
        }
    }

    private String stored(Bucket bucket) {
        String key = fresh();
        S3Client admin = client(StoreRole.ADMIN);
        admin.putObject(r -> r.bucket(name(bucket)).key(key), BODY);
        if (knowsTags()) {
            admin.putObjectTagging(r -> r.bucket(name(bucket)).key(key).tagging(approved()));
        }
        return key;
    }

    private static Tagging approved() {
        return Tagging.builder()
                .tagSet(List.of(Tag.builder().key("status").value("approved").build()))
                .build();
    }

    private static String fresh() {
        return "privilege/" + UUID.randomUUID();
    }
}
