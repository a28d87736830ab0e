package dev.safelight.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AddressRange;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3::4, 2001:db8:1:2:ffff::1, true",
        "2001:db8:1:2:3::4, 2001:db8:1:3::4, false",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false"
    })
    void takesANetworkOfIpv6ForOneClient(String one, String other, boolean same) {
        assertThat(range(one).equals(range(other))).isEqualTo(same);
        assertThat(range(one).hashCode() == range(other).hashCode()).isEqualTo(same);
    }

    private static AddressRange range(String address) {
        return ClientAddress.range(InetAddress.ofLiteral(address));
    }
}
