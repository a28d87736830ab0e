package dev.safelight.render.remote;

import java.net.InetAddress;

/// All addresses that begin with the same bits.
record AddressBlock(InetAddress first, int bits) {
    /// @param text such as `10.0.0.0/8`
    static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        return new AddressBlock(
                InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
        byte[] own = first.getAddress();
        if (own.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if (((own[i / 8] ^ address[i / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
