package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/// Amazon CloudFront's `CreateInvalidation`, by paths and by cache tags, which are paths that begin with `#`
/// (<https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html>).
///
/// At a time, 3,000 items may be in progress for a distribution, and 15 with a `*`; beyond that it says so,
/// and is asked again. The caller reference makes a repetition of the same work the same invalidation,
/// which costs once.
final class CloudFrontApi implements EdgeApi {
    private static final URI PUBLIC = URI.create("https://cloudfront.amazonaws.com");
    private static final int MOST = 1_000;
    private static final int MOST_WILD = 15;
    private static final String ITEMS = "items";
    private static final String WILD = "wild";
    private static final Pattern ERROR_CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,60})</Code>");
    private static final Set<String> PASSING =
            Set.of("TooManyInvalidationsInProgress", "Throttling", "ThrottlingException", "RequestLimitExceeded");

    private final EdgeSettings.Edge settings;
    private final URI address;
    private final AwsCredentialsIdentity identity;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    CloudFrontApi(EdgeSettings.Edge settings) {
        this.settings = settings;
        this.address = EdgeRequests.below(
                Objects.requireNonNullElse(settings.url(), PUBLIC),
                "/2020-05-31/distribution/" + settings.distribution() + "/invalidation");
        String access = Objects.requireNonNull(settings.accessKey());
        String secret = Objects.requireNonNull(settings.secretKey());
        String session = settings.sessionToken();
        this.identity = session == null
                ? AwsCredentialsIdentity.create(access, secret)
                : AwsSessionCredentialsIdentity.create(access, secret, session);
    }

    @Override
    public Set<Way> ways() {
        return "paths".equals(settings.by())
                ? EnumSet.of(Way.PATH, Way.PREFIX, Way.EVERYTHING)
                : EnumSet.allOf(Way.class);
    }

    @Override
    public Map<String, Allowance> allowances() {
        // What takes half a minute to complete comes back within it.
        Duration completion = Duration.ofSeconds(30);
        return Map.of(ITEMS, new Allowance(3_000, 3_000, completion), WILD, new Allowance(15, 15, completion));
    }

    @Override
    public List<EdgeCall> calls(List<EdgeTarget> targets, String reference) {
        if (targets.stream().anyMatch(Everything.class::isInstance)) {
            return List.of(call(targets, reference));
        }
        List<EdgeTarget> wild = List.copyOf(Batch.only(Prefix.class, targets));
        List<EdgeTarget> exact =
                targets.stream().filter(target -> target.way() != Way.PREFIX).toList();
        List<EdgeCall> calls = new ArrayList<>();
        Batch.of(exact, MOST).forEach(batch -> calls.add(call(batch, reference + "-" + calls.size())));
        Batch.of(wild, MOST_WILD).forEach(batch -> calls.add(call(batch, reference + "-" + calls.size())));
        return calls;
    }

    private EdgeCall call(List<EdgeTarget> targets, String reference) {
        boolean isWild =
                targets.getFirst().way() == Way.PREFIX || targets.getFirst().way() == Way.EVERYTHING;
        List<String> items = targets.getFirst().way() == Way.EVERYTHING
                ? List.of("/*")
                : targets.stream().map(CloudFrontApi::item).toList();
        return new EdgeCall(signed(body(items, reference)), targets, Map.of(isWild ? WILD : ITEMS, items.size()));
    }

    private static String item(EdgeTarget target) {
        return switch (target) {
            case Tag(var tag) -> "#" + tag;
            case Path(var path) -> path;
            case Prefix(var prefix) -> prefix + "*";
            case Everything() -> "/*";
        };
    }

    private static String body(List<String> items, String reference) {
        StringBuilder xml = new StringBuilder(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                                + "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>")
                .append(items.size())
                .append("</Quantity><Items>");
        items.forEach(item -> xml.append("<Path>").append(escape(item)).append("</Path>"));
        return xml.append("</Items></Paths><CallerReference>")
                .append(escape(reference))
                .append("</CallerReference></InvalidationBatch>")
                .toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private HttpRequest signed(String body) {
        SdkHttpRequest plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(address)
                .putHeader("Content-Type", "application/xml")
                .build();
        SignedRequest signed = signer.sign(request -> request.identity(identity)
                .request(plain)
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "cloudfront")
                .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        signed.request().forEachHeader((name, values) -> {
            // The client writes it itself, and the same.
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    /// Full is told by 400, like a wrong request.
    @Override
    public Verdict judge(EdgeReply reply) {
        Matcher code = ERROR_CODE.matcher(reply.body());
        String word = code.find() ? code.group(1) : "";
        if (PASSING.contains(word)) {
            return new Verdict.Later("HTTP " + reply.status() + " (" + word + ")", reply.retryAfter());
        }
        return Verdict.ofStatus(reply, word);
    }
}
