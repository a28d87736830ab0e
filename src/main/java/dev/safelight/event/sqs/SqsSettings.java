package dev.safelight.event.sqs;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The queue that the store's events come through, under `safelight.events.sqs`.
///
/// @param queueUrl such as `https://sqs.eu-central-1.amazonaws.com/123456789012/uploads`; without it no queue is read
/// @param region of the queue
/// @param endpoint of the service, when it is not Amazon's
/// @param accessKey with `secretKey`; without both they are looked for where tools of Amazon look: environment,
///     profile, role of the machine
/// @param visibility how long a batch is hidden from other processes before that is extended, 2 s to 12 h
/// @param tries how often a message that cannot be read is received until it is put aside, 1 to 100
/// @param mostWaiting due jobs beyond which nothing is received, 1 to 1,000,000
@ConfigurationProperties("safelight.events.sqs")
record SqsSettings(
        @Nullable URI queueUrl,
        @DefaultValue("us-east-1") String region,
        @Nullable URI endpoint,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @DefaultValue("60s") Duration visibility,
        @DefaultValue("5") int tries,
        @DefaultValue("10000") int mostWaiting) {
    SqsSettings {
        if (queueUrl != null && !queueUrl.isAbsolute()) {
            throw new IllegalArgumentException("safelight.events.sqs.queue-url must be a whole URL, not " + queueUrl);
        }
        if (endpoint != null && !endpoint.isAbsolute()) {
            throw new IllegalArgumentException("safelight.events.sqs.endpoint must be a whole URL, not " + endpoint);
        }
        if ((accessKey == null) != (secretKey == null)) {
            throw new IllegalArgumentException(
                    "safelight.events.sqs.access-key and safelight.events.sqs.secret-key are needed both or not at all");
        }
        if (visibility.compareTo(Duration.ofSeconds(2)) < 0 || visibility.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.events.sqs.visibility must be 2s to 12h, not " + visibility.toSeconds() + "s");
        }
        if (tries < 1 || tries > 100) {
            throw new IllegalArgumentException("safelight.events.sqs.tries must be 1 to 100, not " + tries);
        }
        if (mostWaiting < 1 || mostWaiting > 1_000_000) {
            throw new IllegalArgumentException(
                    "safelight.events.sqs.most-waiting must be 1 to 1000000, not " + mostWaiting);
        }
    }

    @Override
    public String toString() {
        return "SqsSettings[" + queueUrl + "]";
    }
}
