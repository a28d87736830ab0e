package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadOriginsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "http://localhost:5173",
                "http://127.0.0.1:8080",
                "https://[::1]:8443",
                "http://a"
            })
    void takesExactOrigins(String origin) {
        assertThat(new UploadOrigins(List.of(origin)).and("")).containsExactly(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://*.shop.example",
                "https://shop.example/",
                "https://shop.example/path",
                "https://Shop.example",
                "shop.example",
                "ftp://shop.example",
                "https://shop.example:443",
                "http://shop.example:80",
                "https://shop.example:0",
                "https://user@shop.example",
                "https://shop.example?x",
                "https://shop.example, https://other.example",
                "null",
                ""
            })
    void refusesAllElseByTheNameOfTheSetting(String text) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new UploadOrigins(List.of(text)))
                .withMessageStartingWith("safelight.upload.origins must hold exact origins")
                .withMessageEndingWith("not \"" + text + "\"");
    }

    @Test
    void addsTheServersOwnPages() {
        UploadOrigins origins = new UploadOrigins(List.of("https://shop.example"));

        assertThat(origins.and("https://media.example/path")).contains("https://shop.example", "https://media.example");
    }

    @Test
    void leavesTheUsualPortOutOfAnOrigin() {
        assertThat(UploadOrigins.of("https://shop.example:443/x")).isEqualTo("https://shop.example");
        assertThat(UploadOrigins.of("http://shop.example:80")).isEqualTo("http://shop.example");
        assertThat(UploadOrigins.of("http://[::1]:81")).isEqualTo("http://[::1]:81");
    }
}
