package dev.safelight.purge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CacheTagsTest {
    private static final String ID = "0199d3a4-5b6c-7d8e-9f00-112233445566";
    private static final AssetId ASSET = AssetId.parse(ID).orElseThrow();

    @Property
    void areTagsWhateverAnArticleIsCalled(@ForAll String sku) {
        assertThat(CacheTags.isTag(CacheTags.sku(sku))).isTrue();
    }

    @Test
    void nameWhatAnswersShow() {
        assertThat(CacheTags.asset(ASSET)).isEqualTo("asset-" + ID);
        assertThat(CacheTags.version(ASSET, 12)).isEqualTo("asset-" + ID + "-v12");
        assertThat(CacheTags.space(Space.MARKETING)).isEqualTo("space-marketing");
        assertThat(CacheTags.sku("X13-4810U")).isEqualTo("sku-x13-4810u");
        assertThat(CacheTags.sku("X13 / 4810")).matches("sku--[0-9a-f]{32}");
        assertThat(CacheTags.assetOf("asset-" + ID + "-v3")).contains(ASSET);
        assertThat(CacheTags.assetOf("asset-" + ID + "-3")).isEmpty();
    }

    @Test
    void fillAFieldAsFarAsItHasRoom() {
        List<String> many = Collections.nCopies(40, "t".repeat(100));
        for (TagField field : TagField.values()) {
            String value = field.value(many);
            assertThat(value.length()).isBetween(900, 1024);
            assertThat(value).endsWith("ttt");
        }
        assertThat(TagField.SURROGATE_KEY.value(List.of("a", "b"))).isEqualTo("a b");
        assertThat(TagField.CACHE_TAG.value(List.of("a", "b"))).isEqualTo("a,b");
    }

    @Test
    void targetsFindTheAssetThatTheyAreAbout() {
        for (String path :
                List.of("/media/image/" + ID + "/v1/thumb.webp", "/images/" + ID, "/images/" + ID + ".png?w=1")) {
            PurgeTarget target = PurgeTarget.paths(List.of(path));
            assertThat(target.assets()).as(path).containsExactly(ASSET);
            assertThat(target.clearsAll()).isFalse();
        }
        for (String path : List.of("/", "/images/", "/images/" + ID + "x", "/skus/" + ID + "/hero", "/media/" + ID)) {
            assertThat(PurgeTarget.prefixes(List.of(path)).clearsAll()).as(path).isTrue();
        }
        PurgeTarget mixed = PurgeTarget.tags(List.of("asset-" + ID, "space-user"));
        assertThat(mixed.assets()).isEqualTo(Set.of(ASSET));
        assertThat(mixed.clearsAll()).isTrue();
    }
}
