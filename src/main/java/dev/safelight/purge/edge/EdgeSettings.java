package dev.safelight.purge.edge;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The caches that others run in front of delivery, under `safelight.purge`.
///
/// @param edges by names of our own, 1 to 40 small letters, digits and `-`; at most 20
@ConfigurationProperties("safelight.purge")
record EdgeSettings(@DefaultValue Map<String, Edge> edges) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final int MOST = 20;

    EdgeSettings {
        edges = Map.copyOf(edges);
        require(edges.size() <= MOST, "safelight.purge.edges", "at most " + MOST + " edges");
        edges.forEach((name, edge) -> {
            require(
                    NAME.matcher(name).matches(),
                    "safelight.purge.edges",
                    "named by 1 to 40 small letters, digits and -; \"" + name + "\" is not");
            edge.validate("safelight.purge.edges." + name + ".");
        });
    }

    /// One of them; what is not given is null or empty, and what its kind does not know must not be given.
    ///
    /// @param kind nginx, varnish, cloudfront, cloudflare, fastly, akamai or bunny
    /// @param url of the API, where it is not the public one; of Akamai the host that its credentials name
    /// @param urls of all shields of a kind, each of which is told
    /// @param hosts under which clients know delivery there, for what is purged by address
    /// @param token what proves who we are: a shared secret of shields, an API token or key of others
    /// @param zone of Cloudflare, or the number of Bunny's pull zone
    /// @param service of Fastly
    /// @param distribution of CloudFront
    /// @param sessionToken of temporary AWS credentials
    /// @param by `tags` or `paths`, for CloudFront; tags need a `CacheTagConfig` there
    /// @param network of Akamai, `production` or `staging`
    /// @param cpCodes of Akamai that are purged when everything is
    /// @param soft whether what is purged may still be shown while it is fetched anew, at Fastly and Akamai
    /// @param perMinute requests, for Cloudflare, whose plans differ; 1 to 6000
    /// @param timeout of one request, 1 s to 1 min
    record Edge(
            @Nullable String kind,
            @Nullable URI url,
            @DefaultValue List<URI> urls,
            @DefaultValue List<String> hosts,
            @Nullable String token,
            @Nullable String zone,
            @Nullable String service,
            @Nullable String distribution,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable String sessionToken,
            @Nullable String clientToken,
            @Nullable String clientSecret,
            @Nullable String accessToken,
            @Nullable String by,
            @Nullable String network,
            @DefaultValue List<Long> cpCodes,
            @Nullable Boolean soft,
            @Nullable Integer perMinute,
            @DefaultValue("10s") Duration timeout) {
        Edge {
            urls = List.copyOf(urls);
            hosts = List.copyOf(hosts);
            cpCodes = List.copyOf(cpCodes);
        }

        EdgeKind family() {
            return EdgeKind.parse(String.valueOf(kind)).orElseThrow();
        }

        boolean isSoft() {
            return Boolean.TRUE.equals(soft);
        }

        /// @param at what the names of its settings begin with
        private void validate(String at) {
            EdgeKind family = EdgeKind.parse(String.valueOf(kind))
                    .orElseThrow(() -> new IllegalArgumentException(at + "kind must be one of " + EdgeKind.all()));
            SortedSet<String> given = given();
            SortedSet<String> missing = new TreeSet<>(family.needed());
            missing.removeAll(given);
            require(missing.isEmpty(), at + family.text(), "given " + String.join(", ", missing));
            SortedSet<String> odd = new TreeSet<>(given);
            odd.removeAll(family.needed());
            odd.removeAll(family.optional());
            require(odd.isEmpty(), at + String.join(", ", odd), "left out, which " + family.text() + " does not know");
            require(
                    timeout.compareTo(Duration.ofSeconds(1)) >= 0 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                    at + "timeout",
                    "1s to 1m");
            require(perMinute == null || (perMinute >= 1 && perMinute <= 6000), at + "per-minute", "1 to 6000");
            require(by == null || Set.of("tags", "paths").contains(by), at + "by", "tags or paths");
            require(
                    network == null || Set.of("production", "staging").contains(network),
                    at + "network",
                    "production or staging");
            validateAddresses(at);
            validateTexts(at);
        }

        private void validateAddresses(String at) {
            require(url == null || isBase(url), at + "url", "a URL such as https://api.example, without a query");
            require(
                    urls.size() <= 50 && urls.stream().allMatch(Edge::isBase),
                    at + "urls",
                    "at most 50 URLs such as http://10.0.0.5, without a query");
            require(
                    hosts.size() <= 20
                            && hosts.stream()
                                    .allMatch(host -> HOST.matcher(host).matches()),
                    at + "hosts",
                    "at most 20 names such as media.example, without https://");
            require(
                    cpCodes.size() <= 100 && cpCodes.stream().allMatch(code -> code > 0),
                    at + "cp-codes",
                    "at most 100 numbers");
        }

        private void validateTexts(String at) {
            named("zone", zone, "service", service, "distribution", distribution)
                    .forEach((name, text) ->
                            require(WORD.matcher(text).matches(), at + name, "1 to 100 letters, digits, - and _"));
            named("token", token, "access-key", accessKey, "secret-key", secretKey, "session-token", sessionToken)
                    .forEach((name, text) -> requireSecret(at + name, text));
            named("client-token", clientToken, "client-secret", clientSecret, "access-token", accessToken)
                    .forEach((name, text) -> requireSecret(at + name, text));
            require(
                    family().tier() == EdgeKind.Tier.CDN || (token != null && token.length() >= 16),
                    at + "token",
                    "at least 16 characters, since whoever guesses it can empty the cache");
        }

        private static void requireSecret(String name, String text) {
            require(SECRET.matcher(text).matches(), name, "visible ASCII characters without spaces");
        }

        private static Map<String, String> named(@Nullable String... namesAndTexts) {
            Map<String, String> named = new LinkedHashMap<>();
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                String text = namesAndTexts[i + 1];
                if (text != null) {
                    named.put(String.valueOf(namesAndTexts[i]), text);
                }
            }
            return named;
        }

        private static boolean isBase(URI url) {
            return url.getHost() != null
                    && Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                    && url.getQuery() == null
                    && url.getFragment() == null
                    && url.getUserInfo() == null;
        }

        private SortedSet<String> given() {
            SortedSet<String> given = new TreeSet<>();
            note(given, "url", url);
            note(given, "urls", urls.isEmpty() ? null : urls);
            note(given, "hosts", hosts.isEmpty() ? null : hosts);
            note(given, "token", token);
            note(given, "zone", zone);
            note(given, "service", service);
            note(given, "distribution", distribution);
            note(given, "access-key", accessKey);
            note(given, "secret-key", secretKey);
            note(given, "session-token", sessionToken);
            note(given, "client-token", clientToken);
            note(given, "client-secret", clientSecret);
            note(given, "access-token", accessToken);
            note(given, "by", by);
            note(given, "network", network);
            note(given, "cp-codes", cpCodes.isEmpty() ? null : cpCodes);
            note(given, "soft", soft);
            note(given, "per-minute", perMinute);
            return given;
        }

        private static void note(Set<String> given, String name, @Nullable Object value) {
            if (value != null) {
                given.add(name);
            }
        }

        /// Without what nobody may know.
        @Override
        public String toString() {
            return "Edge[" + kind + "]";
        }
    }

    private static void require(boolean holds, String name, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + allowed + ".");
        }
    }

    @Override
    public String toString() {
        return "EdgeSettings" + edges.keySet();
    }
}
