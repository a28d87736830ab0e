package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServletRequest;

/// What a request is about: a bucket, and perhaps an object in it.
///
/// @param key empty for the bucket itself; not decoded, as no key that can be stored needs an encoding
record S3Path(String bucket, String key) {
    static S3Path of(HttpServletRequest request) {
        String path = request.getRequestURI();
        int slash = path.indexOf('/', 1);
        return slash < 0
                ? new S3Path(path.substring(Math.min(1, path.length())), "")
                : new S3Path(path.substring(1, slash), path.substring(slash + 1));
    }
}
