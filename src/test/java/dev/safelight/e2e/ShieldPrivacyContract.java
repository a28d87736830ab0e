package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.Shield;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What no shield gives to those whom it is not for.
abstract class ShieldPrivacyContract extends ShieldFixture {
    @Test
    void keepsToItselfWhatNotEverybodyMaySee() throws Exception {
        String path = "/images/" + uploadTo("user") + "?width=60";
        String key = "Authorization: Bearer " + server.adminKey();

        for (int i = 0; i < 3; i++) {
            Answer own = get(path, key);
            assertThat(own.status()).isEqualTo(200);
            assertThat(isHit(own)).isFalse();
            assertThat(own.fields()).containsEntry("cache-control", "private, no-store");
            assertThat(get(path).status()).isEqualTo(403);
            assertThat(get(path, "Authorization: Bearer wrong").status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({"user, 'private, no-store'", "marketing, 'private, max-age='"})
    void givesWhatIsSignedToWhoeverBringsASignatureAndToNobodyElse(String space, String cacheControl) throws Exception {
        String asset = uploadTo(space);
        JsonNode access = access(asset, "");
        String mine = cookie(asset, 600);
        String yours = cookie(asset, 900);
        String ofAnother = cookie(uploadTo(space), 600);
        assertThat(mine).isNotEqualTo(yours);
        for (String signed : List.of(
                access.at("/assets/0/variants/0/url").asString(),
                access.at("/assets/0/image").asString() + "&width=60")) {
            String path = unsigned(signed);
            byte[] content = admin.get(path).expect(200).bytes();
            assertThat(get(path).status()).isEqualTo(403);
            for (int i = 0; i < 3; i++) {
                for (Answer own : List.of(get(signed), get(path, mine), get(path, yours))) {
                    assertThat(own.status()).isEqualTo(200);
                    assertThat(own.content()).isEqualTo(content);
                    assertThat(own.fields().get("cache-control")).startsWith(cacheControl);
                    assertThat(isHit(own)).isFalse();
                }
                for (Answer foreign : List.of(
                        get(path),
                        get(path, "Cookie: theme=dark"),
                        get(path, ofAnother),
                        get(path, tampered(mine)),
                        get(tampered(signed)),
                        get(tampered(signed), mine),
                        get(signed.replaceFirst("access=[^&]*", "access=")))) {
                    assertThat(foreign.status()).isEqualTo(403);
                    assertThat(foreign.fields()).containsEntry("cache-control", "no-store");
                }
            }
        }
        String signed = access.at("/assets/0/variants/0/url").asString();
        admin.post("/v1/assets/" + asset + "/moderation", "{\"status\":\"rejected\",\"version\":1}");
        assertThat(get(signed).status()).isEqualTo(404);
        assertThat(get(unsigned(signed), mine).status()).isEqualTo(404);
    }

    private static String unsigned(String signed) {
        return signed.replaceFirst("access=[^&]*&?", "").replaceFirst("\\?$", "");
    }

    /// With another last character of the policy.
    private static String tampered(String text) {
        int dot = text.lastIndexOf('.');
        char last = text.charAt(dot - 1);
        return text.substring(0, dot - 1) + (last == 'A' ? 'B' : 'A') + text.substring(dot);
    }

    @Test
    void signaturesPassByWhatEverybodyMaySee() throws Exception {
        String path = media(upload());
        warm(path);
        for (String cookie : List.of("Safelight-Access=x", "a=b; CloudFront-Policy=x; CloudFront-Signature=y")) {
            Answer own = get(path, "Cookie: " + cookie);
            assertThat(own.status()).isEqualTo(200);
            assertThat(isHit(own)).isFalse();
        }
        for (String query : List.of("?access=x", "?Expires=1&Signature=x&Key-Pair-Id=y")) {
            Answer own = get(path + query);
            assertThat(own.status()).isEqualTo(200);
            assertThat(isHit(own)).isFalse();
        }
        assertThat(isHit(get(path))).isTrue();
    }

    @Test
    void isPurgedByNobodyElse() throws Exception {
        String asset = upload();
        String path = media(asset);
        warm(path);
        String body = "everything\n";
        for (String token :
                new String[] {"", "Safelight-Purge-Token: wrong", "Safelight-Purge-Token: " + Shield.TOKEN + "x"}) {
            String[] fields = token.isEmpty() ? new String[0] : new String[] {token};
            assertThat(RawHttp.exchange(shield.port(), "BAN", "/", fields).status())
                    .isGreaterThanOrEqualTo(400);
            assertThat(RawHttp.exchange(shield.port(), "PURGE", path, fields).status())
                    .isGreaterThanOrEqualTo(400);
            try (RawHttp http = RawHttp.connect(shield.port())) {
                http.send("POST /.safelight/purge HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + (token.isEmpty() ? "" : token + "\r\n")
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(http.receive(false).status()).isGreaterThanOrEqualTo(400);
            }
        }
        assertThat(isHit(get(path))).isTrue();
    }
}
