/// Any S3 service through the AWS SDK, and the signing of grants for clients. It neither creates nor configures
/// buckets; the SDK's types do not leave this package.
@NullMarked
package dev.safelight.store.s3;

import org.jspecify.annotations.NullMarked;
