package dev.safelight.store.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Opens clients that get on with services other than Amazon's.
final class S3Clients {
    /// How long to wait for a connection, and for the next bytes on one.
    private static final Duration CONNECT = Duration.ofSeconds(5);

    static final Duration SILENCE = Duration.ofSeconds(60);

    /// A service may copy all parts of an upload before it says a word.
    static final Duration SILENCE_OF_JOINING = Duration.ofMinutes(10);

    private static final int RETRIES = 2;

    private S3Clients() {}

    /// @param chunked whether bodies are signed piece by piece as they are sent, rather than read once before
    /// @param silence how long to wait for the next bytes
    static S3Client open(S3Settings settings, boolean chunked, Duration silence) {
        // Services other than Amazon's refuse or ignore the checksums that the SDK would add unasked.
        return S3Client.builder()
                .endpointOverride(settings.endpoint())
                .region(Region.of(settings.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyle())
                        .chunkedEncodingEnabled(chunked)
                        .build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClient(new HttpOnly(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(silence)
                        .build()))
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(RETRIES + 1)))
                .build();
    }
}
