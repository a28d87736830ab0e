package dev.safelight.delivery;

import static dev.safelight.delivery.EntityTags.Comparison.STRONG;
import static dev.safelight.delivery.EntityTags.Comparison.WEAK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class EntityTagsTest {
    @Example
    void comparesWeaklyOrStrongly() {
        assertThat(EntityTags.match("W/\"a\"", "\"a\"", WEAK)).isTrue();
        assertThat(EntityTags.match("W/\"a\"", "\"a\"", STRONG)).isFalse();
        assertThat(EntityTags.match("\"a\"", "\"a\"", STRONG)).isTrue();
        assertThat(EntityTags.match("\"A\"", "\"a\"", WEAK)).isFalse();
        assertThat(EntityTags.match(" * ", "\"a\"", STRONG)).isTrue();
    }

    @Example
    void seesCommasWithinTags() {
        assertThat(EntityTags.match("\"x,\"a\"", "\"a\"", WEAK)).isFalse();
        assertThat(EntityTags.match("\"x,y\" , \"a\"", "\"a\"", WEAK)).isTrue();
    }

    @Example
    void malformedListsNameNothing() {
        for (String field :
                List.of("", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "\"a\", b", "W/", "\"a b\"", "*, \"a\"")) {
            assertThat(EntityTags.match(field, "\"a\"", WEAK)).as(field).isFalse();
        }
    }

    @Property
    void findsATagAnywhereInAList(
            @ForAll @Size(max = 6) List<@AlphaChars @StringLength(max = 5) String> others,
            @ForAll @AlphaChars @StringLength(min = 6, max = 9) String mine) {
        StringBuilder field = new StringBuilder();
        others.forEach(tag -> field.append('"').append(tag).append("\" ,"));
        assertThat(EntityTags.match(field.toString(), '"' + mine + '"', WEAK)).isFalse();
        field.append("W/\"").append(mine).append('"');
        assertThat(EntityTags.match(field.toString(), '"' + mine + '"', WEAK)).isTrue();
    }

    @Property
    void neverFails(@ForAll String field) {
        assertThat(EntityTags.match(field, "\"never-in-there\"", WEAK))
                .isEqualTo(field.strip().equals("*"));
    }
}
