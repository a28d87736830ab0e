/// Direct uploads: grants, their ledger, completion by the store's events, and the sweep of what never came.
/// The bytes go from the client to the bucket; what is made of them afterwards is the pipeline's business.
@NullMarked
package dev.safelight.upload;

import org.jspecify.annotations.NullMarked;
