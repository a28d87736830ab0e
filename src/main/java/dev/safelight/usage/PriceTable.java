package dev.safelight.usage;

import dev.safelight.asset.Space;
import dev.safelight.usage.UsageSettings.Price;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What bytes and requests cost. Also for estimates of what is not there yet, such as in a dry run.
@Component
public final class PriceTable {
    private static final BigDecimal GB = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal REQUESTS = BigDecimal.valueOf(10_000);

    private final UsageSettings settings;

    PriceTable(UsageSettings settings) {
        this.settings = settings;
    }

    /// Three letters, such as USD.
    public String currency() {
        return settings.currency();
    }

    /// Of keeping so many bytes for a month.
    public BigDecimal storagePerMonth(Space space, Feature feature, BigDecimal bytes) {
        return cost(price(space, feature, Price::storage), bytes, GB);
    }

    /// Of sending so many bytes to clients.
    public BigDecimal egress(Space space, Feature feature, long bytes) {
        return cost(price(space, feature, Price::egress), BigDecimal.valueOf(bytes), GB);
    }

    public BigDecimal requests(Space space, Feature feature, long requests) {
        return cost(price(space, feature, Price::requests), BigDecimal.valueOf(requests), REQUESTS);
    }

    private static BigDecimal cost(BigDecimal price, BigDecimal amount, BigDecimal unit) {
        return price.multiply(amount).divide(unit, MathContext.DECIMAL64);
    }

    private BigDecimal price(Space space, Feature feature, Function<Price, @Nullable BigDecimal> part) {
        Price own = settings.prices().getOrDefault(space, Map.of()).get(feature);
        BigDecimal special = own == null ? null : part.apply(own);
        BigDecimal general = special == null ? part.apply(settings.price()) : special;
        return general == null ? BigDecimal.ZERO : general;
    }
}
