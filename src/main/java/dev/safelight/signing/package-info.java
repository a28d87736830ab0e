/// Who may read what by a signature: Safelight's own signed URLs and cookies, and those of CloudFront, both
/// issued and verified. Pure logic but for reading keys; what an asset is and whether it may be delivered is
/// decided by `delivery`.
@NullMarked
package dev.safelight.signing;

import org.jspecify.annotations.NullMarked;
