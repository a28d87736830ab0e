package dev.safelight.event.sqs;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// A service that speaks as SQS does, with one queue.
final class LocalQueue implements AutoCloseable {
    private static final String NAME = "uploads";

    private final SQSRestServer server;
    private final URI endpoint;
    private final SqsClient client;

    LocalQueue() {
        this.server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        this.endpoint = URI.create(
                "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
        this.client = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    LocalQueue create() {
        client.createQueue(r -> r.queueName(NAME));
        return this;
    }

    URI url() {
        return URI.create(endpoint + "/000000000000/" + NAME);
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

    boolean isEmpty() {
        return hidden() + visible() == 0;
    }

    private int number(QueueAttributeName name) {
        Map<QueueAttributeName, String> attributes = client.getQueueAttributes(
                        r -> r.queueUrl(url().toString()).attributeNames(name))
                .attributes();
        return Integer.parseInt(attributes.get(name));
    }

    @Override
    public void close() {
        client.close();
        server.stopAndWait();
    }
}
