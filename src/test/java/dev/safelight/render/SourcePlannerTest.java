package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.transform.CanonicalText;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcePlannerTest {
    private static final AssetId ID = AssetId.create(Instant.EPOCH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width=300                              | source-640, 640 px wide",
                "width=320                              | source-640, 640 px wide",
                "width=321                              | source-1024, 1024 px wide",
                "width=800                              | source-2048, 2048 px wide",
                "width=1600                             | source-2048, 2048 px wide",
                "width=1700                             | original, nothing smaller is large enough",
                "width=300&dpr=2                        | source-2048, 2048 px wide",
                "width=200&crop=0.2,0.2                 | source-2048, 2048 px wide",
                "width=300&crop=400,300                 | original, nothing smaller is large enough",
                "width=300&height=900&fit=cover         | source-2048, 2048 px wide",
                "width=300&blur=9&watermark=default,0.5 | source-640, 640 px wide",
                "width=100&autorotate=false             | original, as the camera held it",
                "quality=50                             | original, nothing smaller is large enough"
            })
    void takesTheSmallestThatIsLargeEnough(String transformation, String source) {
        assertThat(choose(MediaType.JPEG, 1, transformation)).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SVG  | 1 | width=100&format=webp                | original, drawn at any size",
                "GIF  | 5 | width=100&format=webp                | original, animated",
                "GIF  | 5 | width=100&format=gif                 | original, animated",
                "GIF  | 5 | width=100&format=jpeg                | source-640, 640 px wide",
                "GIF  | 5 | width=100&format=webp&animated=false | source-640, 640 px wide",
                "GIF  | 5 | width=100&format=jpeg&page=2         | original, a later page",
                "TIFF | 5 | width=100&format=webp                | source-640, 640 px wide"
            })
    void takesTheOriginalWhereOnlyThatHoldsWhatIsWanted(
            MediaType type, int frames, String transformation, String source) {
        assertThat(choose(type, frames, transformation)).isEqualTo(source);
    }

    private static String choose(MediaType type, int frames, String transformation) {
        return SourcePlanner.choose(subject(type, frames), CanonicalText.read(transformation))
                .text();
    }

    private static Subject.Stored subject(MediaType type, int frames) {
        Facts.Image facts = new Facts.Image(type, 4000, 3000, frames, false, null, null, null, null);
        AssetVersion.Original original =
                new AssetVersion.Original(new BlobKey(Bucket.RAW, "raw/2026/01/x/photo"), "photo", type, 1, null, null);
        AssetVersion version = new AssetVersion(ID, 1, Space.PRODUCT, original, Status.READY, null, facts, List.of())
                .withMezzanines(List.of(mezzanine(2048), mezzanine(640), mezzanine(1024)));
        return new Subject.Stored(version, facts);
    }

    private static Variant mezzanine(int width) {
        String name = "source-" + width;
        BlobKey key = new BlobKey(Bucket.PROCESSED, "processed/image/" + ID + "/v1/" + name + "-" + width + "w.jpg");
        return new Variant(name, MediaType.JPEG, width, width * 3 / 4, 1, key, "etag", "recipe");
    }
}
