package dev.safelight.front;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// An address, or all addresses that begin alike, as in CIDR notation: `10.0.0.0/8`, `::1`.
///
/// @param base four or sixteen bytes, zero behind the prefix
/// @param prefix bits that count
record Network(byte[] base, int prefix) {
    /// Networks that a provider hands out to one customer of IPv6.
    private static final int CUSTOMER = 64;

    private static final int IPV6_BYTES = 16;

    /// @throws IllegalArgumentException when it is no network, with the reason
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String written = slash < 0 ? text : text.substring(0, slash);
        byte[] address = address(written)
                .map(InetAddress::getAddress)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"%s\" is no address or network; it must be like 10.0.0.0/8 or ::1".formatted(text)));
        int bits = address.length * Byte.SIZE;
        int prefix = slash < 0 ? bits : number(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("the prefix of \"%s\" must be 0 to %d".formatted(text, bits));
        }
        byte[] base = masked(address, prefix);
        if (!Arrays.equals(base, address)) {
            throw new IllegalArgumentException(
                    "\"%s\" has bits behind its prefix; the network is written with zeros there".formatted(text));
        }
        return new Network(base, prefix);
    }

    private static int number(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    /// An address in digits; names are not looked up.
    static Optional<InetAddress> address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (bare.isEmpty() || bare.length() > 45) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /// What counts as one client: an address of IPv4, a network of IPv6.
    static Network ofClient(InetAddress address) {
        byte[] bytes = address.getAddress();
        int prefix = bytes.length == IPV6_BYTES ? CUSTOMER : bytes.length * Byte.SIZE;
        return new Network(masked(bytes, prefix), prefix);
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == base.length && Arrays.equals(masked(bytes, prefix), base);
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int bit = prefix; bit < masked.length * Byte.SIZE; bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        return masked;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && prefix == network.prefix && Arrays.equals(base, network.base);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(base) + prefix;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(base).getHostAddress() + "/" + prefix;
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
