/// An S3 service inside this process, on the local file system: S3Proxy for the protocol, and around it what it lacks.
/// Everything else talks to it through `store.s3`, as to any other S3 service.
@NullMarked
package dev.safelight.store.embedded;

import org.jspecify.annotations.NullMarked;
