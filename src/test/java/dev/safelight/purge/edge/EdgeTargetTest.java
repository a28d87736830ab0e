package dev.safelight.purge.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.purge.PurgeTarget;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import dev.safelight.purge.edge.EdgeTarget.Unsupported;
import dev.safelight.purge.edge.EdgeTarget.Way;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EdgeTargetTest {
    private static final String ID = "0199d3a4-5b6c-7d8e-9f00-112233445566";
    private static final AssetId ASSET = AssetId.parse(ID).orElseThrow();
    private static final Set<Way> TAGS = EnumSet.of(Way.TAG, Way.EVERYTHING);
    private static final Set<Way> PATHS = EnumSet.of(Way.PATH, Way.PREFIX, Way.EVERYTHING);

    @Test
    void prefersTagsAndFindsOtherWordsWhereThereAreNone() throws Exception {
        assertThat(EdgeTarget.of(PurgeTarget.assets(Set.of(ASSET)), TAGS)).containsExactly(new Tag("asset-" + ID));
        assertThat(EdgeTarget.of(PurgeTarget.assets(Set.of(ASSET)), PATHS))
                .containsExactly(
                        new Prefix("/media/image/" + ID + "/"),
                        new Prefix("/media/video/" + ID + "/"),
                        new Prefix("/media/document/" + ID + "/"),
                        new Prefix("/images/" + ID));
        assertThat(EdgeTarget.of(PurgeTarget.skus(List.of("A 1"), Set.of()), PATHS))
                .containsExactly(new Prefix("/skus/A%201/"));
        assertThat(EdgeTarget.of(PurgeTarget.skus(List.of("A1"), Set.of(ASSET)), TAGS))
                .containsExactly(new Tag("asset-" + ID), new Tag("sku-a1"));
        assertThat(EdgeTarget.of(PurgeTarget.prefixes(List.of("/images/" + ID)), TAGS))
                .containsExactly(new Tag("asset-" + ID));
        assertThat(EdgeTarget.of(PurgeTarget.everything(), TAGS)).containsExactly(new Everything());
    }

    @Test
    void saysWhatCannotBeSaid() {
        assertThatThrownBy(() -> EdgeTarget.of(PurgeTarget.prefixes(List.of("/images/")), TAGS))
                .isInstanceOf(Unsupported.class)
                .hasMessage("this edge cannot purge by prefix");
        assertThatThrownBy(() -> EdgeTarget.of(PurgeTarget.tags(List.of("space-user")), PATHS))
                .isInstanceOf(Unsupported.class)
                .hasMessage("this edge cannot purge by tag");
        assertThatThrownBy(() -> EdgeTarget.of(PurgeTarget.paths(List.of("/x")), TAGS))
                .isInstanceOf(Unsupported.class)
                .hasMessage("this edge cannot purge by path");
        assertThatThrownBy(() -> EdgeTarget.of(PurgeTarget.everything(), EnumSet.of(Way.TAG)))
                .isInstanceOf(Unsupported.class);
    }
}
