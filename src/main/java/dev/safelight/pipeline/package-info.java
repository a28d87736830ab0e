/// The way of an original to a delivered asset: a list of steps for each kind of media, and the job that runs them.
/// The work itself is done by the packages of each medium.
@NullMarked
package dev.safelight.pipeline;

import org.jspecify.annotations.NullMarked;
