package dev.safelight.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Space;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final UUID ME = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    private static Caller with(Role... roles) {
        return new Caller(ME, "test", Set.of(roles));
    }

    @Test
    void keysReadWhatTheyWriteAndMatchTheirHashOnly() {
        ApiKey key = ApiKey.create(ME);

        assertThat(ApiKey.parse(key.token())).contains(key);
        assertThat(key.matches(key.secretHash())).isTrue();
        assertThat(ApiKey.create(ME).matches(key.secretHash())).isFalse();
        assertThat(key.toString()).doesNotContain(key.secret());
    }

    @Property
    void refusesAnyTokenOfAnotherForm(@ForAll String text) {
        assertThat(ApiKey.parse(text)).isEmpty();
        assertThat(ApiKey.parse("sl_" + text)).isEmpty();
    }

    @Test
    void sessionTokensReadWhatTheyWriteAndMatchTheirHashOnly() {
        SessionToken token = SessionToken.create(ME);

        assertThat(SessionToken.parse(token.text())).contains(token);
        assertThat(token.matches(token.secretHash())).isTrue();
        assertThat(SessionToken.create(ME).matches(token.secretHash())).isFalse();
        assertThat(token.toString()).doesNotContain(token.secret());
        assertThat(ApiKey.parse(token.text())).isEmpty();
        assertThat(SessionToken.parse(ApiKey.create(ME).token())).isEmpty();
    }

    @Property
    void refusesAnySessionTokenOfAnotherForm(@ForAll String text) {
        assertThat(SessionToken.parse(text)).isEmpty();
        assertThat(SessionToken.parse("us_" + text)).isEmpty();
        assertThat(SessionPath.withoutToken(SessionPath.ROOT + "us_secret/" + text))
                .doesNotContain("us_secret");
    }

    @Test
    void loggedPathsHoldNoTokenHoweverItIsEncoded() {
        SessionToken token = SessionToken.create(ME);
        String encoded = token.text().replace("us_", "%75s_").replace("_", "%5f");

        for (String path : List.of(
                "/v1/uppy/" + token.text() + "/uploads/x",
                "/v1/upp%79/" + token.text() + "/uploads/x",
                "/v1/uppy/" + encoded + "/uploads/x",
                "/v1//uppy/" + encoded,
                "/v1;x/uppy/" + token.text() + ";y/uploads",
                "/other/" + token.text())) {
            assertThat(SessionPath.withoutToken(path))
                    .as(path)
                    .contains("…")
                    .doesNotContain(token.secret().replace("_", "%5f"))
                    .doesNotContain(token.secret());
        }
        assertThat(SessionPath.withoutToken("/v1/uppy/" + token.text() + "/%zz"))
                .doesNotContain(token.secret());
        assertThat(SessionPath.withoutToken("/v1/uppy/x/a%0Ab")).isEqualTo("/v1/uppy/…/a?b");
        assertThat(SessionPath.withoutToken("/v1/assets/a%0Ab")).isEqualTo("/v1/assets/a%0Ab");
    }

    @Test
    void aSessionUploadsToItsSpaceAndSeesAndChangesNothing() {
        UploadSession session = new UploadSession(ME, Space.USER, null, null, 1, Map.of(), Instant.MAX);
        Caller caller = new Caller(ME, "test", Set.of(Role.SESSION), KeyLimits.NONE, session);

        assertThat(caller.mayUploadTo(Space.USER)).isTrue();
        assertThat(caller.mayUploadTo(Space.PRODUCT)).isFalse();
        assertThat(caller.maySee(Space.USER, ME)).isFalse();
        assertThat(caller.mayChange(Space.USER, ME)).isFalse();
        assertThat(with(Role.ADMIN).has(Role.SESSION)).isFalse();
        assertThat(with(Role.ADMIN).has(Role.SESSION, Role.VIEWER)).isTrue();
        assertThat(Role.parse("session")).isEmpty();
    }

    @Test
    void marketingTouchesTheMarketingSpaceOnly() {
        Caller marketing = with(Role.MARKETING);

        assertThat(marketing.mayUploadTo(Space.MARKETING)).isTrue();
        assertThat(marketing.mayUploadTo(Space.PRODUCT)).isFalse();
        assertThat(marketing.mayUploadTo(Space.USER)).isFalse();
        assertThat(marketing.maySee(Space.PRODUCT, ME)).isFalse();
    }

    @Test
    void nobodyElseUploadsToTheMarketingSpace() {
        assertThat(with(Role.UPLOADER, Role.EDITOR, Role.VIEWER, Role.MODERATOR).mayUploadTo(Space.MARKETING))
                .isFalse();
        assertThat(with(Role.ADMIN).mayUploadTo(Space.MARKETING)).isTrue();
    }

    @Test
    void uploadersSeeTheirOwnAssetsOnly() {
        assertThat(with(Role.UPLOADER).maySee(Space.PRODUCT, ME)).isTrue();
        assertThat(with(Role.UPLOADER).maySee(Space.PRODUCT, OTHER)).isFalse();
        assertThat(with(Role.VIEWER).maySee(Space.PRODUCT, OTHER)).isTrue();
        assertThat(with().maySee(Space.PRODUCT, ME)).isFalse();
    }
}
