/// What is stored, delivered and processed, day by day, and what that costs by a table of prices. Where an asset stands
/// and whether it may be delivered is up to others.
@NullMarked
package dev.safelight.usage;

import org.jspecify.annotations.NullMarked;
