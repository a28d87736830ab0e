package dev.safelight.render.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class RemoteUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://a.example/x.png http://a.example/x.png",
                "HTTPS://A.Example:443/x.png https://a.example/x.png",
                "http://a.example http://a.example/",
                "http://a.example.:8080/x http://a.example:8080/x",
                "http://a.example/?q=%2Fb%c3%a4 http://a.example/?q=%2Fb%C3%A4",
                "http://a.example/%7eme/ä#top http://a.example/~me/%C3%A4",
                "http://bücher.example/x http://xn--bcher-kva.example/x",
                "http://ｅｘａｍｐｌｅ.example/x http://example.example/x",
                "http://93.184.216.34/x http://93.184.216.34/x",
                "http://[2001:db8::1]/x http://[2001:db8::1]/x",
            })
    void hasOneFormForOneAddress(String text, String form) {
        assertThat(RemoteUrl.parse(text)).hasToString(form);
        assertThat(RemoteUrl.parse(form)).isEqualTo(RemoteUrl.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x.png",
                "//a.example/x",
                "ftp://a.example/x",
                "file:///etc/passwd",
                "gopher://a.example/",
                "http:///x",
                "http://",
                "http:/a.example/x",
                "http:a.example",
                " http://a.example/x",
                "http://user@a.example/x",
                "http://user:secret@a.example/x",
                "http://@a.example/x",
                "http://a.example\\@b.example/",
                "http://a.example\\b",
                "http://a.example%00.b.example/x",
                "http://a%2eexample/x",
                "http://a.example:0/x",
                "http://a.example:65536/x",
                "http://a.example:/x",
                "http://a.example:80:80/x",
                "http://a.example:８０/x",
                "http://a..example/x",
                "http://.a.example/x",
                "http://a.example../x",
                "http://-a.example/x",
                "http://a b.example/x",
                "http://a_b.example/x",
                "http://a.example/a b",
                "http://a.example/\n",
                "http://a.example/x\0",
                "http://a.example/..",
                "http://a.example/shop/../x",
                "http://a.example/./x",
                "http://a.example/..;a=b/x",
                "http://a.example/%2e%2e/x",
                "http://a.example/.%2E/x",
                "http://a.example/a%2fb",
                "http://a.example/a%5cb",
                "http://a.example/a\\b",
                "http://a.example/%252e%252e/x",
                "http://a.example/%25252fx",
                "http://a.example/x%00.png",
                "http://a.example/x%",
                "http://a.example/x%2",
                "http://a.example/x%zz",
                "http://a.example/?x%",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://0177.0.0.1/",
                "http://127.0.0.01/",
                "http://127.0.0.1.1/",
                "http://256.0.0.1/",
                "http://1.2.3.0x4/",
                "http://example.1/",
                "http://0/",
                "http://127。1/",
                "http://①②⑦.1/",
                "http://[::ffff:127.0.0.1]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::0001]/",
                "http://[2001:DB8::0:1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fe80::1%eth0]/",
                "http://[::1/",
                "http://::1/",
                "http://[]/",
                "http://[127.0.0.1]/",
                "http://[v1.a]/"
            })
    void refusesWhatCouldBeReadInTwoWays(String text) {
        assertThatThrownBy(() -> RemoteUrl.parse(text))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Property(tries = 3000)
    void neverFailsInAnotherWay(@ForAll @StringLength(max = 40) String host, @ForAll String rest) {
        for (String text : List.of("http://" + host + "/" + rest, "https://" + host, rest)) {
            try {
                RemoteUrl url = RemoteUrl.parse(text);
                assertThat(RemoteUrl.parse(url.toString())).isEqualTo(url);
                assertThat(url.uri().getHost()).isEqualTo(url.host());
            } catch (Failure refused) {
                assertThat(refused.kind()).isEqualTo(Failure.Kind.INVALID);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "images.example.com, http://images.example.com/x",
        "images.example.com, https://IMAGES.example.com./x",
        "images.example.com., https://images.example.com:80/x",
        "*.example.com, http://a.example.com/x",
        "*.example.com, http://a.b.example.com/x",
        "images.example.com:8080, http://images.example.com:8080/x",
        "images.example.com/shop/, http://images.example.com/shop/x",
        "images.example.com/shop, http://images.example.com/shop/x",
        "images.example.com/shop, http://images.example.com/sh%6Fp/x",
        "images.example.com/grün/, http://images.example.com/gr%c3%bcn/x",
        "bücher.example, http://xn--bcher-kva.example/x",
        "127.0.0.1:8080, http://127.0.0.1:8080/x",
        "[::1], http://[::1]/x"
    })
    void allowsWhatIsListed(String entry, String url) {
        assertThat(AllowedHost.parse(entry).allows(RemoteUrl.parse(url))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, http://a.example.com/x",
        "example.com, http://example.com.evil.org/x",
        "example.com, http://evil-example.com/x",
        "example.com, http://example.com:8080/x",
        "example.com, http://example.co/x",
        "example.com, http://exаmple.com/x",
        "*.example.com, http://example.com/x",
        "*.example.com, http://evil-example.com/x",
        "*.example.com, http://example.com.evil.org/x",
        "example.com:8080, http://example.com/x",
        "example.com:8080, http://example.com:8081/x",
        "example.com/shop/, http://example.com/shop2/x",
        "example.com/shop/, http://example.com/",
        "example.com/shop/, http://example.com/Shop/x",
        "example.com/shop/, http://example.com//shop/x",
        "example.com/shop/, http://example.com/secret?/shop/x",
        "example.com/shop/, http://example.com/shop%3B/x",
        "127.0.0.1, http://127.0.0.2/x",
        "[::1], http://127.0.0.1/x"
    })
    void refusesWhatIsNotListed(String entry, String url) {
        assertThat(AllowedHost.parse(entry).allows(RemoteUrl.parse(url))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "https://example.com",
                "a.*.com",
                "*example.com",
                "user@example.com",
                "example.com:0",
                "example.com:99999",
                "example.com:x",
                "example.com/../x",
                "example.com/%2e%2e/",
                "example.com/x?y",
                "*.127.0.0.1",
                "*.[::1]",
                "0x7f.1",
                "[::0001]",
                "exa mple.com"
            })
    void saysWhichEntryOfTheListIsWrong(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemoteSettings(
                        List.of(entry), DataSize.ofMegabytes(1), Duration.ofSeconds(1), 1, Duration.ZERO, false))
                .withMessageContaining("safelight.transform.remote.hosts has \"" + entry + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "100B, 1s, 1, max-bytes",
        "2GB, 1s, 1, max-bytes",
        "1MB, 0.001s, 1, time",
        "1MB, 1h, 1, time",
        "1MB, 1s, 0, at-once",
        "1MB, 1s, 1000, at-once"
    })
    void saysWhichSettingIsWrong(String maxBytes, String time, int atOnce, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemoteSettings(
                        List.of(), DataSize.parse(maxBytes), Duration.parse("PT" + time), atOnce, Duration.ZERO, false))
                .withMessageStartingWith("safelight.transform.remote." + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "\"a\"b\"", "\"a\r\nb\"", "W/", "\"ä\""})
    void forgetsEntityTagsThatAreNone(String tag) {
        assertThat(validators(tag, "yesterday").entityTag()).isNull();
        assertThat(validators("W/\"abc\"", "yesterday").entityTag()).isEqualTo("W/\"abc\"");
        assertThat(validators(tag, "yesterday").lastModified()).isNull();
    }

    private static Validators validators(String entityTag, String lastModified) {
        return Validators.of(
                HttpFields.build().add(HttpHeader.ETAG, entityTag).add(HttpHeader.LAST_MODIFIED, lastModified));
    }
}
