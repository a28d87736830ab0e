/// Objects in the buckets that nothing knows: finds them, reports them, and removes those that may be removed.
/// What Safelight stores on purpose, and under which keys, is the business of `upload`, `pipeline` and `render`.
@NullMarked
package dev.safelight.orphan;

import org.jspecify.annotations.NullMarked;
