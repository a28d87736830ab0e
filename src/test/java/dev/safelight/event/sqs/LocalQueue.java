package dev.safelight.event.sqs;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// A queue of its own in a service that speaks as SQS does.
final class LocalQueue implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "uploads-" + NUMBER.incrementAndGet();
    private final URI endpoint = Shared.ENDPOINT;
    private final SqsClient client;

    /// One service for all tests of a JVM: ending it takes twenty seconds.
    private static final class Shared {
        static final URI ENDPOINT = start();

        private static URI start() {
            SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1")
                    .withDynamicPort()
                    .start();
            return URI.create("http://127.0.0.1:"
                    + server.waitUntilStarted().localAddress().getPort());
        }
    }

    LocalQueue() {
        this.client = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    LocalQueue create() {
        client.createQueue(r -> r.queueName(name));
        return this;
    }

    URI url() {
        return URI.create(endpoint + "/000000000000/" + name);
    }

    SqsSettings settings(Duration visibility, int tries, int mostWaiting) {
        return new SqsSettings(url(), "us-east-1", endpoint, "x", "x", visibility, tries, mostWaiting);
    }

    void send(String body) {
        client.sendMessage(r -> r.queueUrl(url().toString()).messageBody(body));
    }

    /// What another process would get right now.
    List<Message> receive() {
        return client.receiveMessage(r ->
                        r.queueUrl(url().toString()).maxNumberOfMessages(10).visibilityTimeout(0))
                .messages();
    }

    int hidden() {
        return number(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    int visible() {
        return number(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    }

    /// Neither visible nor hidden, as counted at one moment: a message may change from one to the other between two.
    boolean isEmpty() {
        return number(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
                == 0;
    }

    private int number(QueueAttributeName... names) {
        return client
                .getQueueAttributes(r -> r.queueUrl(url().toString()).attributeNames(names))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    @Override
    public void close() {
        client.close();
    }
}
