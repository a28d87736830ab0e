package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private static final AddressRules INTERNET = new AddressRules(false);
    private static final AddressRules INTERNAL = new AddressRules(true);

    /// Written down a second time and as numbers, so that a slip in the rules is not repeated here.
    private static final long[][] DENIED = {
        {0x00000000L, 0x00ffffffL},
        {0x0a000000L, 0x0affffffL},
        {0x64400000L, 0x647fffffL},
        {0x7f000000L, 0x7fffffffL},
        {0xa9fe0000L, 0xa9feffffL},
        {0xac100000L, 0xac1fffffL},
        {0xc0000000L, 0xc00000ffL},
        {0xc0000200L, 0xc00002ffL},
        {0xc0a80000L, 0xc0a8ffffL},
        {0xc6120000L, 0xc613ffffL},
        {0xc6336400L, 0xc63364ffL},
        {0xcb007100L, 0xcb0071ffL},
        {0xe0000000L, 0xefffffffL},
        {0xf0000000L, 0xffffffffL}
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2001:4860:4860::8888",
                "2001:200::1",
                "2003::1",
                "2a00::1",
                "3ffe::1"
            })
    void allowsTheInternet(String address) {
        assertThat(INTERNET.allow(InetAddress.ofLiteral(address))).isTrue();
        assertThat(INTERNAL.allow(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.0",
                "127.0.0.1",
                "127.255.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
                "::1",
                "fc00::",
                "fd12:3456::1",
                "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            })
    void allowsPrivateNetworksOnlyWhenToldTo(String address) {
        assertThat(INTERNET.allow(InetAddress.ofLiteral(address))).isFalse();
        assertThat(INTERNAL.allow(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "100.100.100.200",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "168.63.129.16",
                "192.0.0.0",
                "192.0.0.192",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.0",
                "198.51.100.255",
                "203.0.113.0",
                "203.0.113.255",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
                "::",
                "::2",
                "::8.8.8.8",
                "64:ff9b::8.8.8.8",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "1fff:ffff::1",
                "4000::1",
                "2001::1",
                "2001:0:808:808::1",
                "2001:2::1",
                "2001:10::1",
                "2001:1ff:ffff::1",
                "2001:db8::1",
                "2001:db8:ffff::1",
                "2002:808:808::1",
                "3fff::1",
                "3fff:fff:ffff::1",
                "5f00::1",
                "fe00::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "feff::1",
                "ff02::1",
                "fd00:ec2::254",
                "2a00::5efe:808:808",
                "2a00::200:5efe:7f00:1",
                "fe80::5efe:a00:1"
            })
    void neverAllowsWhatIsSpecial(String address) {
        assertThat(INTERNET.allow(InetAddress.ofLiteral(address))).isFalse();
        assertThat(INTERNAL.allow(InetAddress.ofLiteral(address))).isFalse();
    }

    @Property(tries = 5000)
    void noAddressOfADeniedRangePassesInAnyEmbedding(@ForAll("denied") int address) throws UnknownHostException {
        assertThat(INTERNET.allow(ipv4(address))).isFalse();
        String digits = "%08x".formatted(address);
        for (String embedding : List.of(
                "00000000000000000000ffff########",
                "000000000000000000000000########",
                "0064ff9b0000000000000000########",
                "0064ff9b0001000000000000########",
                "2002########00010000000000000001",
                "20010000########8000ffffffffffff",
                "2a0000000000000000005efe########",
                "2a0000000000000002005efe########")) {
            byte[] bytes = HexFormat.of().parseHex(embedding.replace("########", digits));
            assertThat(INTERNET.allow(InetAddress.getByAddress(bytes)))
                    .as(embedding)
                    .isFalse();
        }
        byte[] teredoClient = ByteBuffer.allocate(16)
                .putInt(0x20010000)
                .putInt(0x08080808)
                .putInt(0x8000ffff)
                .putInt(~address)
                .array();
        assertThat(INTERNET.allow(InetAddress.getByAddress(teredoClient))).isFalse();
    }

    @Property(tries = 5000)
    void allIpv4AddressesOutsideOfTheRangesPass(@ForAll int address) throws UnknownHostException {
        long number = address & 0xffffffffL;
        boolean special = List.of("c01fc4", "c034c1", "c05863", "c0af30").contains("%06x".formatted(number >> 8))
                || number == 0xa83f8110L;
        boolean denied = special;
        for (long[] range : DENIED) {
            denied |= number >= range[0] && number <= range[1];
        }
        assertThat(INTERNET.allow(ipv4(address))).isEqualTo(!denied);
    }

    @Provide
    Arbitrary<Integer> denied() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, DENIED.length - 1),
                        Arbitraries.doubles().between(0, 1))
                .as((range, at) -> (int) (DENIED[range][0] + Math.round((DENIED[range][1] - DENIED[range][0]) * at)));
    }

    private static InetAddress ipv4(int address) throws UnknownHostException {
        return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address).array());
    }
}
