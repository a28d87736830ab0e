package dev.safelight.render.remote;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Hosts in the one form in which they are compared: ASCII, lower case, no dot at the end; addresses canonical.
final class HostName {
    private static final int LONGEST = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final int GROUPS = 8;

    private HostName() {}

    /// @param host a name or an address, IPv6 in brackets
    /// @throws IllegalArgumentException with a message for the caller
    static String canonical(String host) {
        if (host.startsWith("[")) {
            return requireIpv6(host);
        }
        String name;
        try {
            // Also turns full-width letters, digits and dots into plain ones, so what follows sees no others.
            name = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("the host is no valid name", malformed);
        }
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("the host is no valid name");
            }
        }
        if (name.length() > LONGEST) {
            throw new IllegalArgumentException("the host is longer than %d characters".formatted(LONGEST));
        }
        // Resolvers take a name that ends in a number for an address: 2130706433, 0x7f.1, 127.1, 0177.0.0.1.
        if (NUMBER.matcher(labels[labels.length - 1]).matches()
                && !IPV4.matcher(name).matches()) {
            throw new IllegalArgumentException("an address must be written as four decimal numbers");
        }
        return name;
    }

    private static String requireIpv6(String host) {
        String text = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        try {
            if (!text.contains("%") && InetAddress.ofLiteral(text) instanceof Inet6Address address) {
                String canonical = text(address);
                if (canonical.equals(text.toLowerCase(Locale.ROOT))) {
                    return "[" + canonical + "]";
                }
            }
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("the host is no valid IPv6 address", malformed);
        }
        throw new IllegalArgumentException("an IPv6 address must be written in its canonical form");
    }

    /// The form of RFC 5952: no leading zeros, the longest run of two or more zero groups left out.
    private static String text(Inet6Address address) {
        byte[] bytes = address.getAddress();
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString((bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff)));
        }
        int start = 0;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups.get(end).equals("0")) {
                end++;
            }
            if (end - i > longest) {
                start = i;
                longest = end - i;
            }
        }
        if (longest == 1) {
            return String.join(":", groups);
        }
        return String.join(":", groups.subList(0, start))
                + "::"
                + String.join(":", groups.subList(start + longest, GROUPS));
    }
}
