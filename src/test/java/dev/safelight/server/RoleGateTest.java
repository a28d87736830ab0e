package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RoleGateTest {
    @ParameterizedTest
    @CsvSource({
        "true, true, /v1/assets, 200",
        "false, true, /v1/assets, 404",
        "false, true, /media/image/x, 200",
        "true, false, /media/image/x, 404",
        "false, false, /actuator/health, 200"
    })
    void closesThePathsOfRolesThatThisProcessDoesNotHave(boolean api, boolean delivery, String path, int status)
            throws Exception {
        ServerSettings settings = new ServerSettings(
                Path.of("data"),
                false,
                new ServerSettings.Roles(api, delivery),
                false,
                new ServerSettings.Embedded("127.0.0.1", 0, null, new ServerSettings.Encryption(null, null, null)));
        // The address as sent may spell letters otherwise; the path that is dispatched on is decoded.
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path.replace("v1", "%761"));
        request.setServletPath(path);
        MockHttpServletResponse response = new MockHttpServletResponse();

        new RoleGate(settings).doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(status);
    }
}
