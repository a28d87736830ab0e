package dev.safelight.image;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Aborts what libvips computes from the images of one piece of work.
///
/// libvips looks at the switch between regions of pixels. It is deaf to it within one call of a decoder or encoder:
/// while AVIF is encoded or decoded, while a progressive JPEG or an interlaced PNG is read, and while librsvg draws one
/// tile, which is why filters are refused. Such a call goes on to its end on its native thread; nobody waits for it.
final class KillSwitch {
    private final Set<ImageScope> scopes = ConcurrentHashMap.newKeySet();
    private volatile boolean killed;

    /// A scope whose images can be killed.
    ImageScope scope() {
        ImageScope scope = new ImageScope(scopes::remove);
        scopes.add(scope);
        return scope;
    }

    boolean isKilled() {
        return killed;
    }

    /// To be repeated until the work ends: libvips forgets the switch of an image once it has been noticed.
    void kill() {
        killed = true;
        scopes.forEach(ImageScope::kill);
    }
}
