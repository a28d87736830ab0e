package dev.safelight.asset;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.99/24, 192.0.2.1, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.0/25, 192.0.2.128, false",
        "192.168.4.0/23, 192.168.5.255, true",
        "192.168.4.0/23, 192.168.6.0, false",
        "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "::1, ::1, true",
    })
    void holdsTheAddressesThatBeginSo(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "192.0.2",
                "192.0.2.1/33",
                "192.0.2.1/-1",
                "192.0.2.1/",
                "192.0.2.1/024",
                "192.0.2.0/0x8",
                "192.0.2.0 /8",
                "1e1.0.0.0",
                "192.0.2.01",
                "192.0.2.1.",
                "256.0.0.1",
                "1.2.3.4/8/8",
                "example.com",
                "::ffff:192.0.2.1",
                "fe80::1%eth0",
                "2001:db8::/129",
                "[::1]",
                ":::"
            })
    void takesNothingElse(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }

    @Property
    void readsWhatItWrites(@ForAll @Size(4) byte[] address, @ForAll @IntRange(max = 32) int bits) throws Exception {
        AddressRange range = new AddressRange(InetAddress.getByAddress(address), bits);
        assertThat(AddressRange.parse(range.toString())).contains(range);
        assertThat(range.contains(InetAddress.getByAddress(address))).isTrue();
    }
}
