package dev.safelight.event.sqs;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/// One queue of SQS, in batches.
final class NotificationQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotificationQueue.class);
    private static final int BATCH = 10;
    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration SILENCE = LONG_POLL.plusSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final SqsClient client;
    private final String url;
    private final int visibleAfter;

    NotificationQueue(SqsSettings settings) {
        this.url = requireNonNull(settings.queueUrl()).toString();
        this.visibleAfter = (int) settings.visibility().toSeconds();
        SqsClientBuilder builder = SqsClient.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(2)));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        this.client = builder.build();
    }

    private static AwsCredentialsProvider credentials(SqsSettings settings) {
        String access = settings.accessKey();
        String secret = settings.secretKey();
        return access == null || secret == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret));
    }

    /// A message as it was received.
    ///
    /// @param receipt by which this receiving of it is known
    /// @param received how often it has been so far, this time included
    record Received(String id, String receipt, String body, int received) {}

    /// Waits some seconds for messages, and hides those that come from others for a while.
    List<Received> receive() {
        return client
                .receiveMessage(r -> r.queueUrl(url)
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds((int) LONG_POLL.toSeconds())
                        .visibilityTimeout(visibleAfter)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages()
                .stream()
                .map(NotificationQueue::received)
                .toList();
    }

    private static Received received(Message message) {
        Map<MessageSystemAttributeName, String> attributes = message.attributes();
        String count = attributes.getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
        return new Received(message.messageId(), message.receiptHandle(), message.body(), Integer.parseInt(count));
    }

    /// Deletes messages. Those that cannot be come again, which does no harm.
    void delete(Collection<Received> messages) {
        List<DeleteMessageBatchRequestEntry> entries = messages.stream()
                .map(one -> DeleteMessageBatchRequestEntry.builder()
                        .id(one.id())
                        .receiptHandle(one.receipt())
                        .build())
                .toList();
        if (!entries.isEmpty()) {
            warn(
                    "deleted",
                    client.deleteMessageBatch(r -> r.queueUrl(url).entries(entries))
                            .failed());
        }
    }

    /// Hides messages for as long again.
    void extend(Collection<Received> messages) {
        changeVisibility(messages, visibleAfter);
    }

    /// Shows messages to whoever asks next.
    void giveBack(Collection<Received> messages) {
        changeVisibility(messages, 0);
    }

    private void changeVisibility(Collection<Received> messages, int seconds) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = messages.stream()
                .map(one -> ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(one.id())
                        .receiptHandle(one.receipt())
                        .visibilityTimeout(seconds)
                        .build())
                .toList();
        if (!entries.isEmpty()) {
            warn(
                    "kept hidden or shown",
                    client.changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(entries))
                            .failed());
        }
    }

    private static void warn(String what, List<BatchResultErrorEntry> failed) {
        if (!failed.isEmpty()) {
            LOG.warn(
                    "{} messages could not be {}, the first for {}",
                    failed.size(),
                    what,
                    failed.getFirst().code());
        }
    }

    /// What is wrong with the queue, for whoever set it up.
    String explain(SdkException failed) {
        return switch (failed) {
            case QueueDoesNotExistException absent -> "The queue %s does not exist.".formatted(url);
            case SqsException refused
            when refused.statusCode() == 401 || refused.statusCode() == 403 ->
                "The queue %s may not be read: sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility are needed (%s)."
                        .formatted(url, refused.getMessage());
            default -> "The queue %s cannot be read: %s".formatted(url, failed.getMessage());
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
