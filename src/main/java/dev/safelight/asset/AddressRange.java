package dev.safelight.asset;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/// All addresses that begin with the same bits (CIDR, RFC 4632 and RFC 4291).
///
/// @param first the lowest of them
public record AddressRange(InetAddress first, int bits) {
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");

    public AddressRange {
        int all = first.getAddress().length * 8;
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("an address has 0 to " + all + " bits, not " + bits);
        }
        first = masked(first, bits);
    }

    /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`; bits behind the prefix are
    /// ignored.
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean isV6 = address.indexOf(':') >= 0;
        if (!(isV6 ? IPV6 : IPV4).matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress first = InetAddress.ofLiteral(address);
            // An IPv4 address in IPv6 clothes would be compared as what it does not look like.
            if (isV6 != first instanceof Inet6Address) {
                return Optional.empty();
            }
            int all = first.getAddress().length * 8;
            String bits = slash < 0 ? String.valueOf(all) : text.substring(slash + 1);
            return BITS.matcher(bits).matches() && Integer.parseInt(bits) <= all
                    ? Optional.of(new AddressRange(first, Integer.parseInt(bits)))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    public boolean isV6() {
        return first instanceof Inet6Address;
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && masked(address, bits).equals(first);
    }

    private static InetAddress masked(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
