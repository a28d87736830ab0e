package dev.safelight.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class RolesTest {
    @Test
    void areAllUnlessTheSettingSaysOtherwise() {
        assertThat(Roles.of(new MockEnvironment()).areAll()).isTrue();
        Roles some = Roles.of(new MockEnvironment().withProperty("safelight.roles", "api,delivery"));
        assertThat(some.all()).containsExactlyInAnyOrder(ServerRole.API, ServerRole.DELIVERY);
        assertThat(some.areAll()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "cook | must be some of api, worker, delivery, not \"cook\"",
                "API | not \"API\"",
                "api,api | names api twice",
                "'' | must name at least one of api, worker, delivery"
            })
    void saysWhatIsWrongWithTheSetting(String value, String complaint) {
        MockEnvironment environment = new MockEnvironment().withProperty("safelight.roles", value);

        assertThatThrownBy(() -> Roles.of(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("safelight.roles")
                .hasMessageContaining(complaint);
    }

    @Test
    void cannotBeSplitWhereAPartServesOneProcess() {
        assertThatThrownBy(() ->
                        Roles.parse(List.of("api")).requireAllBecauseOf("the embedded store", "safelight.s3.endpoint"))
                .hasMessageContaining("the embedded store")
                .hasMessageContaining("safelight.s3.endpoint");
        Roles.parse(List.of("api", "worker", "delivery")).requireAllBecauseOf("the embedded store", "x");
    }
}
