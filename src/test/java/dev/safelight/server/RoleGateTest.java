package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.role.Roles;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RoleGateTest {
    @ParameterizedTest
    @CsvSource({
        "api delivery, /v1/assets, 200",
        "delivery, /v1/assets, 404",
        "worker, /v1/assets, 404",
        "worker, /v1, 404",
        "delivery, /media/image/x, 200",
        "api, /media/image/x, 404",
        "api, /images/x, 404",
        "worker, /images/x, 404",
        "worker, /examples/uppy/, 404",
        "api, /examples/uppy/, 200",
        "worker, /, 404",
        "worker, /actuatory, 404",
        "worker, /actuator/health/readiness, 200"
    })
    void closesThePathsOfRolesThatThisProcessDoesNotHave(String roles, String path, int status) throws Exception {
        // The address as sent may spell letters otherwise; the path that is dispatched on is decoded.
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path.replace("v1", "%761"));
        request.setServletPath(path);
        MockHttpServletResponse response = new MockHttpServletResponse();

        new RoleGate(Roles.parse(List.of(roles.split(" ")))).doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(status);
    }
}
