/**
 * A plain Java client of the SPIRE Server API that attests, and obtains entries, SVIDs
 * and trust bundles. It depends on no other jar, and neither on Spring nor on token
 * files.
 */
@NullMarked
package dev.psat.spire.client;

import org.jspecify.annotations.NullMarked;
