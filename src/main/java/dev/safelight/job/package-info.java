/// Durable jobs on the database: created in the transaction of the change that wants them, retried, and parked
/// when hopeless. What a job does is up to the packages that handle it.
@NullMarked
package dev.safelight.job;

import org.jspecify.annotations.NullMarked;
