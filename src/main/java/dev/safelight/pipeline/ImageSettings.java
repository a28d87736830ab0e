package dev.safelight.pipeline;

import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.image.CrashJournal;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageLimits;
import dev.safelight.image.ImageProfile;
import dev.safelight.image.VariantSpec;
import dev.safelight.transform.TransformSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The settings of image processing, under `safelight.image`.
///
/// @param maxPixels of one picture, and of all frames of an animation together
/// @param maxFrames of an animation
/// @param threads that run native code; 0 for as many as there are cores
/// @param maxPixelsBySpace lower limits for single spaces
/// @param profile the variants to make of each picture; empty for the standard profile
/// @param mezzanine what is stored beside them, to make other pictures from
/// @param prune whether reprocessing removes variants that the profile no longer names, which ends their addresses
@ConfigurationProperties("safelight.image")
record ImageSettings(
        @DefaultValue("100000000") long maxPixels,
        @DefaultValue("500") int maxFrames,
        @DefaultValue("0") int threads,
        @DefaultValue Map<Space, Long> maxPixelsBySpace,
        @DefaultValue List<Entry> profile,
        @DefaultValue MezzaninePolicy mezzanine,
        @DefaultValue("false") boolean prune) {

    ImageSettings {
        if (maxPixels < 1 || maxFrames < 1 || threads < 0) {
            throw new IllegalArgumentException(
                    "safelight.image.max-pixels and max-frames must be at least 1, threads at least 0");
        }
        profile = List.copyOf(profile);
        maxPixelsBySpace = Map.copyOf(maxPixelsBySpace);
        check(profile);
    }

    private static void check(List<Entry> profile) {
        Set<String> names = new HashSet<>();
        for (Entry entry : profile) {
            try {
                entry.spec();
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("safelight.image.profile: " + wrong.getMessage(), wrong);
            }
            if (entry.name().startsWith(MezzaninePolicy.PREFIX)) {
                throw new IllegalArgumentException(
                        "safelight.image.profile: names beginning with \"%s\" are kept for mezzanines: %s"
                                .formatted(MezzaninePolicy.PREFIX, entry.name()));
            }
            if (!names.add(entry.name() + "." + entry.format())) {
                throw new IllegalArgumentException(
                        "safelight.image.profile names \"%s\" as %s twice".formatted(entry.name(), entry.format()));
            }
        }
    }

    /// The most pixels a picture of a space may have, all frames together.
    long maxPixels(Space space) {
        return Math.min(maxPixels, maxPixelsBySpace.getOrDefault(space, maxPixels));
    }

    List<VariantSpec> variants() {
        return profile.isEmpty()
                ? ImageProfile.standard()
                : profile.stream().map(Entry::spec).toList();
    }

    /// Everything that is made of a picture: its variants, then its mezzanines.
    List<VariantSpec> specs(Facts.Image picture) {
        return Stream.concat(variants().stream(), mezzanine.of(picture).stream())
                .toList();
    }

    /// One variant of a profile; see [VariantSpec] for the ranges.
    ///
    /// @param format jpeg, png, webp or avif
    /// @param onlyIfFilled leaves the variant out for pictures smaller than its box
    record Entry(
            String name,
            MediaType format,
            VariantSpec.@Nullable Fit fit,
            @DefaultValue("0") int width,
            @DefaultValue("0") int height,
            @DefaultValue("80") int quality,
            @DefaultValue("2") int effort,
            @DefaultValue("false") boolean onlyIfFilled) {
        VariantSpec spec() {
            return new VariantSpec(
                    name,
                    format,
                    fit == null ? VariantSpec.Fit.INSIDE : fit,
                    width,
                    height,
                    quality,
                    effort,
                    onlyIfFilled);
        }
    }

    /// The engine, shared by all jobs of the process.
    @Configuration(proxyBeanMethods = false)
    static class Engine {
        @Bean
        ImageProfile imageProfile(ImageSettings settings) {
            return new ImageProfile(settings.variants());
        }

        @Bean
        CrashJournal crashJournal(WorkFolder folder) throws IOException {
            return CrashJournal.open(folder.file("crashes"), InstantSource.system());
        }

        /// A process whose native threads do not come back is told apart from one that is only busy, and
        /// replaced.
        @Bean
        HealthIndicator imageHealthIndicator(ImageEngine engine) {
            return () -> (engine.isHealthy() ? Health.up() : Health.down()).build();
        }

        @Bean
        ImageEngine imageEngine(ImageSettings settings, TransformSettings transform, CrashJournal journal) {
            int threads = settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
            return new ImageEngine(
                    new ImageLimits(settings.maxPixels(), settings.maxFrames(), settings.maxPixels())
                            .withResultPixels(transform.maxPixels()),
                    threads,
                    journal);
        }
    }
}
