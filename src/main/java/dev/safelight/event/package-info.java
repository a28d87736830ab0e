/// What the store tells about its objects: the events, the ways they come, their parser, and the inbox that takes
/// each in once. What an event means for an upload is decided by the listeners.
@NullMarked
package dev.safelight.event;

import org.jspecify.annotations.NullMarked;
