/// Events of the store that come through a queue of Amazon SQS: receiving, deleting, and what happens in between.
/// Nothing outside of it knows the SDK of the queue; what events mean is decided by the inbox.
@NullMarked
package dev.safelight.event.sqs;

import org.jspecify.annotations.NullMarked;
