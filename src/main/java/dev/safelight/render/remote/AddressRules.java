package dev.safelight.render.remote;

import dev.safelight.asset.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Which addresses may be connected to.
///
/// IPv6 is allowed by list: only global unicast, without the parts of it that are special. That leaves out
/// every form in which IPv6 embeds IPv4 outside of it (mapped, compatible, both NAT64 prefixes), and 6to4
/// and Teredo are excluded as a whole, whatever they embed: a host on the internet has no need for any of
/// them. Networks that reach IPv4 through NAT64 alone can therefore not fetch from hosts that have no IPv6
/// address of their own.
///
/// What is special follows the IANA registries of special-purpose addresses.
final class AddressRules {
    /// Where hosts of an internal network are.
    private static final List<AddressRange> PRIVATE = ranges(
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128");

    /// Where no picture is, not even in an internal network. Clouds serve credentials at some of them.
    private static final List<AddressRange> NEVER = ranges(
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
            "fd00:ec2::254/128",
            "fd20:ce::254/128");

    private static final List<AddressRange> GLOBAL_UNICAST = ranges("2000::/3");
    private static final int IPV6_BYTES = 16;

    private final boolean allowPrivate;

    AddressRules(boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    boolean allow(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (isIn(NEVER, address) || isIsatap(bytes)) {
            return false;
        }
        if (isIn(PRIVATE, address)) {
            return allowPrivate;
        }
        return bytes.length != IPV6_BYTES || isIn(GLOBAL_UNICAST, address);
    }

    /// ISATAP embeds an IPv4 address behind any prefix at all; see RFC 5214.
    private static boolean isIsatap(byte[] bytes) {
        return bytes.length == IPV6_BYTES
                && (bytes[8] & ~0x02) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5e
                && bytes[11] == (byte) 0xfe;
    }

    private static boolean isIn(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts)
                .map(text -> AddressRange.parse(text).orElseThrow())
                .toList();
    }
}
