package dev.safelight.front;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the server takes from the network, under `safelight.front`.
///
/// @param connections open at a time, 16 to 1,000,000; further ones wait to be accepted
/// @param connectionsPerClient of one client address at a time, 1 to 1,000,000; further ones are closed at
///     once. It is not held against trusted proxies
/// @param requestsPerSecond of one client address on average, 0 to 1,000,000; 0 is without limit. A network
///     of IPv6 (/64) counts as one client
/// @param burst requests that a client may make at once above the average, 1 to 10,000,000; as many as it may
///     make in ten seconds when it is not given
/// @param trustedProxies addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed,
///     such as `10.0.0.0/8` and `::1`; nobody's by default
/// @param httpsOnly whether requests that came unencrypted are sent to `https:` or refused
/// @param hsts how long browsers shall use `https:` alone once they came by it, 0 s to 730 days; 0 says
///     nothing
@ConfigurationProperties("safelight.front")
record FrontSettings(
        @DefaultValue("8192") int connections,
        @DefaultValue("2048") int connectionsPerClient,
        @DefaultValue("0") int requestsPerSecond,
        @DefaultValue("0") int burst,
        @DefaultValue({}) List<String> trustedProxies,
        @DefaultValue("false") boolean httpsOnly,
        @DefaultValue("0s") Duration hsts) {
    private static final int MOST = 1_000_000;
    private static final int MOST_AT_ONCE = 10_000_000;
    private static final Duration LONGEST_HSTS = Duration.ofDays(730);

    FrontSettings {
        require("connections", connections, 16, MOST);
        require("connections-per-client", connectionsPerClient, 1, MOST);
        require("requests-per-second", requestsPerSecond, 0, MOST);
        require("burst", burst, 0, MOST_AT_ONCE);
        trustedProxies = List.copyOf(trustedProxies);
        if (hsts.isNegative() || hsts.compareTo(LONGEST_HSTS) > 0) {
            throw new IllegalArgumentException("safelight.front.hsts must be 0s to 730d, not " + hsts);
        }
    }

    private static void require(String name, int given, int least, int most) {
        if (given < least || given > most) {
            throw new IllegalArgumentException(
                    "safelight.front.%s must be %d to %d, not %d".formatted(name, least, most, given));
        }
    }

    /// Requests at once, above which the average counts.
    int burstOrDefault() {
        return burst > 0 ? burst : (int) Math.min(MOST_AT_ONCE, requestsPerSecond * 10L);
    }
}
