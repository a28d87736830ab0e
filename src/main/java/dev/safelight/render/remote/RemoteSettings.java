package dev.safelight.render.remote;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The settings of pictures on foreign hosts, under `safelight.transform.remote`.
///
/// @param hosts that pictures may come from; none by default, so nothing is fetched. An entry is a host such
///     as `images.example.com`, or `*.example.com` for its sub-domains only, then a port, without which 80
///     and 443 are allowed, then a folder such as `/shop/`, without which all paths are.
/// @param maxBytes of one picture, 1 KB to 1 GB
/// @param time for one fetch with all its redirects, 100 ms to 2 minutes
/// @param atOnce fetches that may run side by side, 1 to 256
/// @param stale how long a picture that is no longer fresh is used all the same, 0 s to 7 days: while its
///     host is asked again in the background, or does not answer; not where the host forbids it
/// @param allowPrivate whether hosts may have private addresses; for an internal network
@ConfigurationProperties("safelight.transform.remote")
public record RemoteSettings(
        @DefaultValue List<String> hosts,
        @DefaultValue("50MB") DataSize maxBytes,
        @DefaultValue("10s") Duration time,
        @DefaultValue("16") int atOnce,
        @DefaultValue("1h") Duration stale,
        @DefaultValue("false") boolean allowPrivate) {
    private static final String PREFIX = "safelight.transform.remote.";

    public RemoteSettings {
        hosts = List.copyOf(hosts);
        hosts.forEach(RemoteSettings::allowed);
        if (maxBytes.compareTo(DataSize.ofKilobytes(1)) < 0 || maxBytes.compareTo(DataSize.ofGigabytes(1)) > 0) {
            throw new IllegalArgumentException(PREFIX + "max-bytes must be 1KB to 1GB, not " + maxBytes);
        }
        if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException(PREFIX + "time must be 100ms to 2m, not " + time);
        }
        if (atOnce < 1 || atOnce > 256) {
            throw new IllegalArgumentException(PREFIX + "at-once must be 1 to 256, not " + atOnce);
        }
        if (stale.isNegative() || stale.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(PREFIX + "stale must be 0s to 7d, not " + stale);
        }
    }

    List<AllowedHost> allowedHosts() {
        return hosts.stream().map(RemoteSettings::allowed).toList();
    }

    private static AllowedHost allowed(String entry) {
        try {
            return AllowedHost.parse(entry);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    PREFIX + "hosts has \"%s\": %s".formatted(entry, wrong.getMessage()), wrong);
        }
    }
}
