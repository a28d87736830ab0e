/// How the four buckets are to be: who may do what in them, what happens to objects with time; declared in one
/// place, applied to any S3 and held against it, and done by Safelight where a store cannot.
/// Talking to stores is the business of `store`, asking people that of `cli`.
@NullMarked
package dev.safelight.storage;

import org.jspecify.annotations.NullMarked;
