/// The object store as the rest of the code sees it: a few methods, no SDK types. Implementations live in
/// `store.s3` (any S3 through the AWS SDK) and `store.embedded` (an S3 service in this process).
@NullMarked
package dev.safelight.store;

import org.jspecify.annotations.NullMarked;
