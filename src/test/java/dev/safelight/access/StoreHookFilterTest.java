package dev.safelight.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class StoreHookFilterTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final int PASSED = 200;

    private static int status(WebhookSettings settings, String header, String query) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", HookPath.STORE);
        request.setServletPath(HookPath.STORE);
        request.setQueryString(query);
        if (!header.isEmpty()) {
            request.addHeader("Authorization", header);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        new StoreHookFilter(settings, (asked, answer, why) -> answer.setStatus(401))
                .doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isNotThereWithoutSecrets() throws Exception {
        WebhookSettings none = new WebhookSettings(List.of(), true);

        assertThat(status(none, "Bearer " + SECRET, "")).isEqualTo(404);
        assertThat(status(none, "", "token=")).isEqualTo(404);
    }

    @Test
    void takesTheSecretInEveryFormThatStoresSend() throws Exception {
        WebhookSettings settings = new WebhookSettings(List.of("x".repeat(32), SECRET), false);

        for (String header :
                List.of("Bearer " + SECRET, "bearer  " + SECRET, basic("user:" + SECRET), basic(":" + SECRET))) {
            assertThat(status(settings, header, "")).as(header).isEqualTo(PASSED);
        }
    }

    @Test
    void refusesEverythingElse() throws Exception {
        WebhookSettings settings = new WebhookSettings(List.of(SECRET), false);

        for (String header : List.of(
                "",
                SECRET,
                "Bearer",
                "Bearer ",
                "Bearer " + SECRET.substring(1),
                "Bearer " + SECRET + "0",
                basic(SECRET),
                basic(SECRET + ":user"),
                "Basic ###",
                "Digest " + SECRET)) {
            assertThat(status(settings, header, "token=" + SECRET)).as(header).isEqualTo(401);
        }
    }

    @Test
    void takesTheSecretInTheAddressOnlyWhereThatIsAllowed() throws Exception {
        WebhookSettings allowed = new WebhookSettings(List.of(SECRET), true);

        assertThat(status(allowed, "", "a=b&token=" + SECRET)).isEqualTo(PASSED);
        assertThat(status(allowed, "", "token=" + SECRET + "x")).isEqualTo(401);
        assertThat(status(allowed, "", "")).isEqualTo(401);
        assertThat(status(new WebhookSettings(List.of(SECRET), false), "", "token=" + SECRET))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdef0123456789abcde", "0123456789abcdef 123456789abcdef"})
    void weakSecretsRefuseTheStartWithoutBeingShown(String weak) {
        assertThatThrownBy(() -> new WebhookSettings(List.of(SECRET, weak), false))
                .hasMessageContaining("safelight.events.webhook.secrets[1] must be 32 to 200")
                .message()
                .doesNotContain(SECRET);
        assertThat(new WebhookSettings(List.of(SECRET), false).toString()).doesNotContain(SECRET);
    }

    @Test
    void refusesMoreSecretsThanAnybodyExchanges() {
        List<String> many = Stream.generate(() -> SECRET).limit(11).toList();

        assertThatThrownBy(() -> new WebhookSettings(many, false)).hasMessageContaining("at most 10");
    }
}
