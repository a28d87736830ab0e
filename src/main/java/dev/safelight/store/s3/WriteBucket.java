package dev.safelight.store.s3;

import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Lifecycle.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortIncompleteMultipartUpload;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;
import software.amazon.awssdk.services.s3.model.Transition;

/// Writes each aspect of a bucket. Aspects that are shared are read first and written with what others have there.
record WriteBucket(S3Client client) {

    void write(String bucket, BucketSetting setting) {
        switch (setting) {
            case BucketSetting.PublicAccess access -> publicAccess(bucket, access);
            case BucketSetting.Policy policy -> policy(bucket, policy);
            case BucketSetting.Cors cors -> cors(bucket, cors);
            case BucketSetting.Lifecycle lifecycle -> lifecycle(bucket, lifecycle);
            case BucketSetting.Versioning versioning ->
                client.putBucketVersioning(r -> r.bucket(bucket)
                        .versioningConfiguration(v -> v.status(
                                versioning.enabled()
                                        ? BucketVersioningStatus.ENABLED
                                        : BucketVersioningStatus.SUSPENDED)));
            case BucketSetting.Encryption encryption -> encryption(bucket, encryption);
            case BucketSetting.Notification notification -> notification(bucket, notification);
            case BucketSetting.Tags tags -> tags(bucket, tags);
        }
    }

    private void publicAccess(String bucket, BucketSetting.PublicAccess wanted) {
        PublicAccessBlockConfiguration.Builder block = PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(false)
                .blockPublicPolicy(false)
                .restrictPublicBuckets(false);
        try {
            PublicAccessBlockConfiguration current =
                    client.getPublicAccessBlock(r -> r.bucket(bucket)).publicAccessBlockConfiguration();
            if (current != null) {
                block = current.toBuilder();
            }
        } catch (SdkException e) {
            if (!S3Errors.code(e).equals("NoSuchPublicAccessBlockConfiguration")) {
                throw e;
            }
        }
        block.ignorePublicAcls(wanted.ignoresLists());
        if (Boolean.TRUE.equals(wanted.takesPublicPolicies())) {
            block.blockPublicPolicy(false).restrictPublicBuckets(false);
        }
        PublicAccessBlockConfiguration all = block.build();
        client.putPublicAccessBlock(r -> r.bucket(bucket).publicAccessBlockConfiguration(all));
    }

    private void policy(String bucket, BucketSetting.Policy policy) {
        if (policy.isEmpty()) {
            client.deleteBucketPolicy(r -> r.bucket(bucket));
        } else {
            client.putBucketPolicy(r -> r.bucket(bucket).policy(PolicyText.document(policy.statements())));
        }
    }

    private void cors(String bucket, BucketSetting.Cors cors) {
        if (cors.isEmpty()) {
            client.deleteBucketCors(r -> r.bucket(bucket));
            return;
        }
        List<CORSRule> rules = cors.rules().stream()
                .map(rule -> CORSRule.builder()
                        .allowedOrigins(rule.origins())
                        .allowedMethods(rule.methods())
                        .allowedHeaders(rule.headers())
                        .exposeHeaders(rule.exposed())
                        .maxAgeSeconds(rule.maxAge())
                        .build())
                .toList();
        client.putBucketCors(r -> r.bucket(bucket).corsConfiguration(c -> c.corsRules(rules)));
    }

    private void lifecycle(String bucket, BucketSetting.Lifecycle lifecycle) {
        if (lifecycle.isEmpty()) {
            client.deleteBucketLifecycle(r -> r.bucket(bucket));
            return;
        }
        List<LifecycleRule> rules =
                lifecycle.rules().stream().map(WriteBucket::lifecycleRule).toList();
        client.putBucketLifecycleConfiguration(r -> r.bucket(bucket).lifecycleConfiguration(c -> c.rules(rules)));
    }

    private static LifecycleRule lifecycleRule(BucketSetting.Lifecycle.Rule rule) {
        LifecycleRule.Builder builder = LifecycleRule.builder()
                .id(rule.id())
                .status(ExpirationStatus.ENABLED)
                .filter(f -> f.prefix(rule.prefix()));
        switch (rule.action()) {
            case Action.Expire(int days) ->
                builder.expiration(LifecycleExpiration.builder().days(days).build());
            case Action.RemoveMarkers() ->
                builder.expiration(LifecycleExpiration.builder()
                        .expiredObjectDeleteMarker(true)
                        .build());
            case Action.ExpireNoncurrent(int days) ->
                builder.noncurrentVersionExpiration(NoncurrentVersionExpiration.builder()
                        .noncurrentDays(days)
                        .build());
            case Action.AbortUploads(int days) ->
                builder.abortIncompleteMultipartUpload(AbortIncompleteMultipartUpload.builder()
                        .daysAfterInitiation(days)
                        .build());
            case Action.Move(int days, String to) ->
                builder.transitions(
                        Transition.builder().days(days).storageClass(to).build());
            case Action.Other(String what) -> throw new IllegalArgumentException("never asked for: " + what);
        }
        return builder.build();
    }

    private void encryption(String bucket, BucketSetting.Encryption encryption) {
        ServerSideEncryptionByDefault rule = ServerSideEncryptionByDefault.builder()
                .sseAlgorithm(encryption.algorithm())
                .kmsMasterKeyID(encryption.key())
                .build();
        // A key per bucket saves a call to the key service for each object.
        ServerSideEncryptionRule whole = ServerSideEncryptionRule.builder()
                .applyServerSideEncryptionByDefault(rule)
                .bucketKeyEnabled(encryption.key() != null)
                .build();
        client.putBucketEncryption(
                r -> r.bucket(bucket).serverSideEncryptionConfiguration(c -> c.rules(List.of(whole))));
    }

    private void notification(String bucket, BucketSetting.Notification wanted) {
        GetBucketNotificationConfigurationResponse all =
                client.getBucketNotificationConfiguration(r -> r.bucket(bucket));
        List<QueueConfiguration> queues = new ArrayList<>(all.queueConfigurations());
        List<TopicConfiguration> topics = new ArrayList<>(all.topicConfigurations());
        List<LambdaFunctionConfiguration> functions = new ArrayList<>(all.lambdaFunctionConfigurations());
        queues.removeIf(one -> ReadBucket.OURS.equals(one.id()));
        topics.removeIf(one -> ReadBucket.OURS.equals(one.id()));
        functions.removeIf(one -> ReadBucket.OURS.equals(one.id()));
        NotificationConfigurationFilter filter = NotificationConfigurationFilter.builder()
                .key(k -> k.filterRules(List.of(FilterRule.builder()
                        .name("prefix")
                        .value(wanted.prefix())
                        .build())))
                .build();
        String target = wanted.target();
        switch (target.split(":", 4)[2]) {
            case "sqs" ->
                queues.add(QueueConfiguration.builder()
                        .id(ReadBucket.OURS)
                        .queueArn(target)
                        .events(Event.S3_OBJECT_CREATED)
                        .filter(filter)
                        .build());
            case "lambda" ->
                functions.add(LambdaFunctionConfiguration.builder()
                        .id(ReadBucket.OURS)
                        .lambdaFunctionArn(target)
                        .events(Event.S3_OBJECT_CREATED)
                        .filter(filter)
                        .build());
            default ->
                topics.add(TopicConfiguration.builder()
                        .id(ReadBucket.OURS)
                        .topicArn(target)
                        .events(Event.S3_OBJECT_CREATED)
                        .filter(filter)
                        .build());
        }
        client.putBucketNotificationConfiguration(r -> r.bucket(bucket)
                .notificationConfiguration(n -> n.queueConfigurations(queues)
                        .topicConfigurations(topics)
                        .lambdaFunctionConfigurations(functions)
                        .eventBridgeConfiguration(all.eventBridgeConfiguration())));
    }

    private void tags(String bucket, BucketSetting.Tags wanted) {
        Map<String, String> all = new HashMap<>();
        try {
            all.putAll(ReadBucket.tags(
                    client.getBucketTagging(r -> r.bucket(bucket)).tagSet()));
        } catch (SdkException e) {
            if (!S3Errors.code(e).startsWith("NoSuchTagSet")) {
                throw e;
            }
        }
        all.putAll(wanted.tags());
        List<Tag> tags = all.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
        client.putBucketTagging(r -> r.bucket(bucket).tagging(t -> t.tagSet(tags)));
    }
}
