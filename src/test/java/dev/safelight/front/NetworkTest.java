package dev.safelight.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.4.0/23, 192.168.5.255, true",
        "192.168.4.0/23, 192.168.6.0, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true"
    })
    void containsWhatBeginsAlike(String network, String address, boolean contained) {
        assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "::1/64",
                "::/129",
                "host",
                "localhost",
                "10.0.0.0/0x8",
                "300.0.0.1",
                "10.0.0.0 /8",
                "1e1.0.0.0"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
    }

    @Test
    void takesANetworkOfIpv6ForOneClient() {
        Network one = Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:3::4"));
        assertThat(one).isEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:2:ffff::1")));
        assertThat(one).isNotEqualTo(Network.ofClient(InetAddress.ofLiteral("2001:db8:1:3::4")));
        assertThat(Network.ofClient(InetAddress.ofLiteral("10.0.0.1")))
                .isNotEqualTo(Network.ofClient(InetAddress.ofLiteral("10.0.0.2")));
    }
}
