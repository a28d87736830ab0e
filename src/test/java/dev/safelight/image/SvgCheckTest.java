package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.safelight.asset.Reason;
import dev.safelight.testing.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SvgCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<path d='M0 0h9v9z' style='fill:#123;filter:url(#f)'/>",
                "<style>.a{fill:red;font-family:\"A \\201C\"}</style><rect class='a' width='9' height='9'/>",
                "<use href='#a'/><use xlink:href=' #a'/>",
                "<style>.a{clip-path:url(#c)}/* one */</style><clipPath id='c'><path/></clipPath><g class='a'/>",
                "<g id='a'><a href='#a'><animate href='#a'/></a></g>",
                "<a href=''><text>one &lt; two</text></a>",
                "<animate attributeName='opacity' values='0;1'/>",
                "<metadata xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:RDF/></metadata>"
            })
    void acceptsDrawings(String content) {
        assertThatCode(() -> check(Pictures.svg(10, 10, content))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<SCRIPT/>",
                "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
                "<rect onclick='x()'/>",
                "<rect ONLOAD='x()'/>",
                "<foreignObject/>",
                "<iframe src='#a'/>",
                "<p xmlns='http://www.w3.org/1999/xhtml'/>",
                "<a href='javascript:x()'/>",
                "<a href=' java&#10;script:x()'/>",
                "<a xlink:href='&#9;javascript:x()'/>",
                "<a href='https://example.org'/>",
                "<use href='other.svg#a'/>",
                "<use href='//example.org/a.svg#a'/>",
                "<image href='file:///etc/passwd'/>",
                "<image href='data:image/svg+xml;base64,AAAA'/>",
                "<image href='data:text/html,x'/>",
                "<set attributeName='href' to='x'/>",
                "<animate attributeName='xlink:href' values='#a;data:text/html,x'/>",
                "<animate attributeName='onclick' to='x'/>",
                "<style>@import 'a.css';</style>",
                "<style>@\\69mport 'a.css';</style>",
                "<style>@\\69&#13;&#10;mport 'a.css';</style>",
                "<style>@\\69&#13;mport 'a.css';</style>",
                "<g style='fill:\\75&#13;&#10;rl(http://evil.example/a)'/>",
                "<style>@im/**/port 'a.css';</style>",
                "<style>@import url(http://example.org/a.css);<g/></style>",
                "<style>rect{fill:red} /* never closed</style>",
                "<style><![CDATA[rect{fill:url(http://example.org/a)}]]></style>",
                "<style>rect{fill:u\\72l(http://example.org/a)}</style>",
                "<rect style='background:image-set(\"http://example.org/a\")'/>",
                "<rect fill='url(\"//example.org/a#b\")'/>",
                "<g xml:base='http://example.org/'/>"
            })
    void refusesActiveContent(String content) {
        assertThat(reason(Pictures.svg(10, 10, content))).isEqualTo(Reason.ACTIVE_CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
                "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
                "<!DOCTYPE svg [<!ENTITY a 'aa'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]><svg x='&c;'/>",
                "<?xml-stylesheet href='http://example.org/a.css'?><svg/>"
            })
    void refusesDeclarationsThatReachOutside(String svg) {
        assertThat(reason(svg)).isEqualTo(Reason.ACTIVE_CONTENT);
    }

    @Test
    void readsThePublicDocumentTypeWithoutFetchingIt() {
        String type =
                "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>";

        assertThatCode(() -> check(type + Pictures.svg(10, 10, ""))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "<svg>", "<svg></SVG>", "<html/>", "<svg>&undefined;</svg>", "<svg a='1' a='2'/>"})
    void callsMalformedFilesCorrupt(String svg) {
        assertThat(reason(svg)).isIn(Reason.CORRUPT, Reason.ACTIVE_CONTENT);
    }

    @Test
    void boundsDepthAndBytes() {
        assertThat(reason(Pictures.svg(10, 10, "<g>".repeat(1000) + "</g>".repeat(1000))))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(" ".repeat(11 << 20))).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<filter id='f'><feTurbulence numOctaves='255'/></filter><rect filter='url(#f)'/>",
                "<feGaussianBlur stdDeviation='400'/>",
                "<rect filter='blur(400px)'/>",
                "<style>rect{filter:drop-shadow(9 9 9)}</style>",
                "<image href='data:image/webp;base64,UklGRg=='/>",
                "<image href='data:image/png;base64,iVBORw0KGgo='/>",
                "<image href='data:image/png,'/>",
                "<image href='data:image/png'/>"
            })
    void refusesWhatCannotBeBounded(String content) {
        assertThat(reason(Pictures.svg(10, 10, content))).isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void countsThePixelsOfEmbeddedPicturesAsOftenAsTheyAreDrawn() throws Exception {
        String picture = "<image %s href='data:image/png;base64,%s'/>";
        String small = Base64.getEncoder().encodeToString(Pictures.png(1000, 1000));
        String bomb = Base64.getEncoder().encodeToString(Pictures.bombPng(20_000, 20_000));
        String symbol = "<defs>" + picture.formatted("id='a'", small) + "</defs>";

        check(Pictures.svg(10, 10, symbol + "<use href='#a'/>".repeat(14)));
        assertThat(reason(Pictures.svg(10, 10, picture.formatted("", bomb)))).isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(Pictures.svg(10, 10, symbol + "<use href='#a'/>".repeat(17))))
                .isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<g id='g%d'>%s</g> <use href='#g%d'/>",
                "<pattern id='g%d'>%s</pattern> <rect fill='url(#g%d)'/>",
                "<mask id='g%d'>%s</mask> <rect style='mask:url( \"#g%d\" )'/>",
                "<symbol id='g%d'>%s</symbol> <path marker-mid='url(#g%d)'/>"
            })
    void boundsWhatReferencesRepeat(String step) {
        String[] parts = step.split("(?<=>) (?=<)", 2);
        StringBuilder nested = new StringBuilder("<g id='g0'><rect/></g>");
        for (int i = 1; i < 9; i++) {
            nested.append(parts[0].formatted(i, parts[1].formatted(i - 1).repeat(10)));
        }

        assertThat(reason(Pictures.svg(10, 10, nested.toString()))).isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(Pictures.svg(10, 10, parts[0].formatted(1, parts[1].formatted(1)))))
                .isEqualTo(Reason.CORRUPT);
    }

    @Test
    void boundsTheElements() throws Exception {
        check(Pictures.svg(10, 10, "<path/>".repeat(40_000)));
        assertThat(reason(Pictures.svg(10, 10, "<path/>".repeat(60_000)))).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/* ", "\\", "url(", "@", "\"", "{", "&#10;on:"})
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void takesLinearTimeOnAnyStyle(String part) {
        String long5 = part.repeat((5 << 20) / part.length());
        for (String svg : new String[] {"<style>%s</style>", "<g style='%s'/>", "<set attributeName='%s'/>"}) {
            checkQuietly(Pictures.svg(10, 10, svg.formatted(long5)).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Property(tries = 300)
    void neverFailsOnAnyBytes(@ForAll byte[] bytes) {
        checkQuietly(bytes);
    }

    @Property(tries = 500)
    void neverFailsOnAMutatedDrawing(@ForAll short position, @ForAll byte value) {
        byte[] svg = Pictures.svg(10, 10, "<style>a{fill:url(#b)}</style><image href='data:image/png,x'/>")
                .getBytes(StandardCharsets.UTF_8);
        svg[Math.floorMod(position, svg.length)] = value;
        checkQuietly(svg);
    }

    private static void checkQuietly(byte[] bytes) {
        try {
            SvgCheck.check(bytes);
        } catch (ImageRejected e) {
            assertThat(e.rejection().detail()).isNotBlank();
        }
    }

    private static void check(String svg) throws ImageRejected {
        SvgCheck.check(svg.getBytes(StandardCharsets.UTF_8));
    }

    private static Reason reason(String svg) {
        ImageRejected rejected = catchThrowableOfType(ImageRejected.class, () -> check(svg));
        return Objects.requireNonNull(rejected, "accepted").rejection().reason();
    }
}
