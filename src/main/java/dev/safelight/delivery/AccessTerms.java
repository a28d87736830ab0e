package dev.safelight.delivery;

import dev.safelight.asset.AddressRange;
import dev.safelight.signing.ReferrerHost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How access is granted, whatever it is granted to.
///
/// @param expires to the second
/// @param notBefore to the second; from now on when absent
/// @param ip of the clients that it is for; for all when absent
/// @param referrers hosts of the pages that it is for; for all when there are none
record AccessTerms(
        Format format,
        Instant expires,
        @Nullable Instant notBefore,
        @Nullable AddressRange ip,
        List<ReferrerHost> referrers) {
    AccessTerms {
        referrers = List.copyOf(referrers);
    }

    /// Who understands the signature.
    enum Format {
        /// This server.
        SAFELIGHT,
        /// This server and CloudFront.
        CLOUDFRONT
    }
}
