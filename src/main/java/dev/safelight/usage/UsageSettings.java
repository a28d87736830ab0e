package dev.safelight.usage;

import dev.safelight.asset.Space;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How usage is counted and what it costs, under `safelight.usage`.
///
/// @param currency of all prices, three capital letters
/// @param price of everything that `prices` does not say otherwise
/// @param prices by space and feature, as in `safelight.usage.prices.product.raw.storage`
/// @param flush how often a process writes down what it delivered, 1 s to 1 h; a process that is killed
///     forgets as much
@ConfigurationProperties("safelight.usage")
record UsageSettings(
        @DefaultValue("USD") String currency,
        @DefaultValue Price price,
        @DefaultValue Map<Space, Map<Feature, Price>> prices,
        @DefaultValue("5s") Duration flush) {

    /// What something costs; nothing where nothing is said.
    ///
    /// @param storage of 1 GB (10⁹ bytes) for a month
    /// @param egress of 1 GB
    /// @param requests of 10,000
    record Price(
            @Nullable BigDecimal storage,
            @Nullable BigDecimal egress,
            @Nullable BigDecimal requests) {
        private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

        Price {
            require("storage", storage);
            require("egress", egress);
            require("requests", requests);
        }

        private static void require(String name, @Nullable BigDecimal price) {
            if (price != null && (price.signum() < 0 || price.compareTo(MOST) > 0)) {
                throw new IllegalArgumentException(
                        "safelight.usage.price and prices: %s must be 0 to 1000000, not %s".formatted(name, price));
            }
        }
    }

    UsageSettings {
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "safelight.usage.currency must be three capital letters such as USD, not " + currency);
        }
        if (flush.compareTo(Duration.ofSeconds(1)) < 0 || flush.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("safelight.usage.flush must be 1s to 1h, not " + flush);
        }
    }
}
