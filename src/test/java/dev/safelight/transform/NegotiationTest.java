package dev.safelight.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Output;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationTest {
    private static final List<MediaType> ALL =
            List.of(MediaType.AVIF, MediaType.WEBP, MediaType.JPEG, MediaType.PNG, MediaType.GIF);

    /// What a photo, a picture with alpha and an animation become.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8 | AVIF | AVIF | WEBP",
                "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 | AVIF | AVIF | WEBP",
                "text/html,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8 | AVIF | AVIF | WEBP",
                "image/webp,*/* | WEBP | WEBP | WEBP",
                "*/* | JPEG | PNG | GIF",
                "image/* | JPEG | PNG | GIF",
                "image/*;q=0.5, */*;q=0.1 | JPEG | PNG | GIF",
                "image/webp;q=0, image/* | JPEG | PNG | GIF",
                "image/webp;q=0, image/webp, image/* | JPEG | PNG | GIF",
                "image/avif;q=0.000, image/webp;q=0.001 | WEBP | WEBP | WEBP",
                "image/avif;q=0.5, image/jpeg | JPEG | JPEG | JPEG",
                "image/avif;q=0.5, image/webp;q=0.6 | WEBP | WEBP | WEBP",
                "image/avif;q=0.5, */*;q=0.6 | JPEG | PNG | GIF",
                "image/webp;q=0.5, image/* | JPEG | PNG | GIF",
                "image/jpeg | JPEG | JPEG | JPEG",
                "image/png, image/jpeg;q=0.9 | JPEG | PNG | JPEG",
                "image/png, image/svg+xml, image/*;q=0.8, */*;q=0.5 | JPEG | PNG | GIF",
                "image/gif | JPEG | PNG | GIF",
                "image/jpeg;q=0, image/* | PNG | PNG | GIF",
                "IMAGE/AVIF ; Q=1.0 | AVIF | AVIF | GIF",
                "text/html | JPEG | PNG | GIF",
                "*/*;q=0 | JPEG | PNG | GIF",
                "image/avif;q=2, image/webp | WEBP | WEBP | WEBP",
                "image/avif;q=, image/webp;q=.5, image/jpeg | JPEG | JPEG | JPEG",
                "image/avif;q=0.1234, image/webp | WEBP | WEBP | WEBP",
                "image/avif;q=-1,, ;, image, /, */avif, image/webp | WEBP | WEBP | WEBP",
                "image/avif;profile=x, image/webp | WEBP | WEBP | WEBP",
                "text/x;a=\",image/avif,\", image/webp | WEBP | WEBP | WEBP",
                "text/x;a=\"\\\",image/avif\", image/webp | WEBP | WEBP | WEBP",
                "image/avif;q=1;ext=2 | AVIF | AVIF | GIF"
            })
    void choosesByWhatTheClientTakes(String accept, MediaType photo, MediaType alpha, MediaType animation) {
        assertThat(Negotiation.choose(accept, ALL, false, false)).isEqualTo(photo);
        assertThat(Negotiation.choose(accept, ALL, true, false)).isEqualTo(alpha);
        assertThat(Negotiation.choose(accept, ALL, false, true)).isEqualTo(animation);
    }

    @Test
    void withoutAHeaderNothingIsAssumed() {
        for (String none : new String[] {null, "", "   ", ",,,", "nonsense"}) {
            assertThat(Negotiation.choose(none, ALL, false, false)).isEqualTo(MediaType.JPEG);
        }
    }

    @Test
    void theServersFavouriteComesFirstAtEqualWeight() {
        String accept = "image/avif,image/webp";
        assertThat(Negotiation.choose(accept, List.of(MediaType.WEBP, MediaType.AVIF, MediaType.JPEG), false, false))
                .isEqualTo(MediaType.WEBP);
        assertThat(Negotiation.choose(accept, List.of(MediaType.JPEG, MediaType.PNG), false, false))
                .isEqualTo(MediaType.JPEG);
    }

    @Test
    void whatStandsBehindTheBoundIsNotRead() {
        String long2k = "text/plain,".repeat(200) + "image/avif";
        assertThat(Negotiation.choose(long2k, ALL, false, false)).isEqualTo(MediaType.JPEG);
        assertThat(Negotiation.choose("a".repeat(1_000_000), ALL, false, false)).isEqualTo(MediaType.JPEG);
    }

    @Property
    void anyHeaderGetsAnAnswer(
            @ForAll
                    @Chars({'i', 'm', 'a', 'g', 'e', '/', '*', ',', ';', 'q', '=', '0', '.', '1', '"', '\\', ' '})
                    @CharRange(from = 'a', to = 'z')
                    @StringLength(max = 200)
                    String accept,
            @ForAll boolean alpha,
            @ForAll boolean animated) {
        assertThat(Output.FORMATS).contains(Negotiation.choose(accept, ALL, alpha, animated));
    }
}
