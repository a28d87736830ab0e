package dev.safelight.store.s3;

import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetting.Lifecycle.Action;
import dev.safelight.store.BucketSetup.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.Tag;

/// Reads each aspect of a bucket, in the words of [BucketSetting].
record ReadBucket(S3Client client) {
    /// By this name we know what is ours among notifications.
    static final String OURS = "safelight";

    Found read(String bucket, Aspect aspect) {
        return switch (aspect) {
            case PUBLIC_ACCESS -> publicAccess(bucket);
            case POLICY ->
                found(new BucketSetting.Policy(PolicyText.statements(
                        client.getBucketPolicy(r -> r.bucket(bucket)).policy())));
            case CORS -> cors(bucket);
            case LIFECYCLE -> lifecycle(bucket);
            case VERSIONING ->
                found(new BucketSetting.Versioning(
                        client.getBucketVersioning(r -> r.bucket(bucket)).status() == BucketVersioningStatus.ENABLED));
            case ENCRYPTION -> encryption(bucket);
            case NOTIFICATION ->
                notification(client.getBucketNotificationConfiguration(r -> r.bucket(bucket)))
                        .map(ReadBucket::found)
                        .orElseGet(ReadBucket::nothing);
            case TAGS ->
                found(new BucketSetting.Tags(
                        tags(client.getBucketTagging(r -> r.bucket(bucket)).tagSet())));
        };
    }

    private static Found found(BucketSetting setting) {
        return new Found.Set(setting.lines());
    }

    private static Found nothing() {
        return new Found.Set(new TreeSet<>());
    }

    private Found publicAccess(String bucket) {
        PublicAccessBlockConfiguration block =
                client.getPublicAccessBlock(r -> r.bucket(bucket)).publicAccessBlockConfiguration();
        if (block == null || block.ignorePublicAcls() == null) {
            return new Found.Unsupported("the store does not know what is asked");
        }
        return found(new BucketSetting.PublicAccess(
                block.ignorePublicAcls(),
                !Boolean.TRUE.equals(block.blockPublicPolicy())
                        && !Boolean.TRUE.equals(block.restrictPublicBuckets())));
    }

    private Found cors(String bucket) {
        List<BucketSetting.Cors.WebRule> rules = client.getBucketCors(r -> r.bucket(bucket)).corsRules().stream()
                .map(ReadBucket::cors)
                .toList();
        return found(new BucketSetting.Cors(rules));
    }

    private static BucketSetting.Cors.WebRule cors(CORSRule rule) {
        return new BucketSetting.Cors.WebRule(
                sorted(rule.allowedOrigins()),
                sorted(rule.allowedMethods()),
                sorted(rule.allowedHeaders().stream()
                        .map(header -> header.toLowerCase(java.util.Locale.ROOT))
                        .toList()),
                sorted(rule.exposeHeaders()),
                rule.maxAgeSeconds() == null ? 0 : rule.maxAgeSeconds());
    }

    private static SortedSet<String> sorted(Collection<String> texts) {
        return new TreeSet<>(texts);
    }

    private Found lifecycle(String bucket) {
        List<BucketSetting.Lifecycle.Rule> rules = new ArrayList<>();
        for (LifecycleRule rule :
                client.getBucketLifecycleConfiguration(r -> r.bucket(bucket)).rules()) {
            String id = String.valueOf(rule.id());
            actions(rule).forEach(action -> rules.add(new BucketSetting.Lifecycle.Rule(id, prefix(rule), action)));
        }
        return found(new BucketSetting.Lifecycle(rules));
    }

    @SuppressWarnings("deprecation") // Where some services still tell the prefix.
    private static String prefix(LifecycleRule rule) {
        if (rule.filter() != null && rule.filter().prefix() != null) {
            return rule.filter().prefix();
        }
        return rule.prefix() == null ? "" : rule.prefix();
    }

    private static List<Action> actions(LifecycleRule rule) {
        List<Action> actions = new ArrayList<>();
        boolean simple = rule.filter() == null
                || (rule.filter().and() == null
                        && rule.filter().tag() == null
                        && rule.filter().objectSizeGreaterThan() == null
                        && rule.filter().objectSizeLessThan() == null);
        if (rule.status() != ExpirationStatus.ENABLED || !simple) {
            return List.of(new Action.Other("rule of somebody else, %s: %s".formatted(rule.status(), rule.id())));
        }
        if (rule.expiration() != null) {
            if (rule.expiration().days() != null && rule.expiration().days() > 0) {
                actions.add(new Action.Expire(rule.expiration().days()));
            }
            if (Boolean.TRUE.equals(rule.expiration().expiredObjectDeleteMarker())) {
                actions.add(new Action.RemoveMarkers());
            }
            if (rule.expiration().date() != null) {
                actions.add(new Action.Other("expires at " + rule.expiration().date()));
            }
        }
        if (rule.noncurrentVersionExpiration() != null) {
            actions.add(new Action.ExpireNoncurrent(
                    orZero(rule.noncurrentVersionExpiration().noncurrentDays())));
        }
        if (rule.abortIncompleteMultipartUpload() != null) {
            actions.add(new Action.AbortUploads(
                    orZero(rule.abortIncompleteMultipartUpload().daysAfterInitiation())));
        }
        rule.transitions()
                .forEach(move -> actions.add(new Action.Move(orZero(move.days()), move.storageClassAsString())));
        rule.noncurrentVersionTransitions()
                .forEach(move ->
                        actions.add(new Action.Other("noncurrent versions move to " + move.storageClassAsString())));
        return actions;
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private Found encryption(String bucket) {
        var configuration = client.getBucketEncryption(r -> r.bucket(bucket)).serverSideEncryptionConfiguration();
        if (configuration == null || configuration.rules().isEmpty()) {
            // There is a proper answer for "not set"; this is one to another question.
            return new Found.Unsupported("the store does not know what is asked");
        }
        ServerSideEncryptionByDefault rule = configuration.rules().getFirst().applyServerSideEncryptionByDefault();
        return found(new BucketSetting.Encryption(rule.sseAlgorithmAsString(), rule.kmsMasterKeyID()));
    }

    static Optional<BucketSetting> notification(GetBucketNotificationConfigurationResponse all) {
        Optional<BucketSetting> queue = all.queueConfigurations().stream()
                .filter(one -> OURS.equals(one.id()))
                .<BucketSetting>map(one -> new BucketSetting.Notification(one.queueArn(), prefix(one.filter())))
                .findFirst();
        Optional<BucketSetting> topic = all.topicConfigurations().stream()
                .filter(one -> OURS.equals(one.id()))
                .<BucketSetting>map(one -> new BucketSetting.Notification(one.topicArn(), prefix(one.filter())))
                .findFirst();
        Optional<BucketSetting> function = all.lambdaFunctionConfigurations().stream()
                .filter(one -> OURS.equals(one.id()))
                .<BucketSetting>map(
                        one -> new BucketSetting.Notification(one.lambdaFunctionArn(), prefix(one.filter())))
                .findFirst();
        return queue.or(() -> topic).or(() -> function);
    }

    private static String prefix(@Nullable NotificationConfigurationFilter filter) {
        if (filter == null || filter.key() == null) {
            return "";
        }
        return filter.key().filterRules().stream()
                .filter(rule -> "prefix".equalsIgnoreCase(rule.nameAsString()))
                .map(rule -> rule.value())
                .findFirst()
                .orElse("");
    }

    static Map<String, String> tags(List<Tag> tags) {
        Map<String, String> map = new HashMap<>();
        tags.forEach(tag -> map.put(tag.key(), tag.value()));
        return map;
    }
}
