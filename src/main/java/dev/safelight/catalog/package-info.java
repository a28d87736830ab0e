/// The catalogue of assets, their versions and variants. Turns nothing into bytes: pictures are made by the
/// pipeline and served by the delivery.
@NullMarked
package dev.safelight.catalog;

import org.jspecify.annotations.NullMarked;
