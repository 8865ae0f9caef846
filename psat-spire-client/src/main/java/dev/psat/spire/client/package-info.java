/**
 * A client of the SPIRE Server API, in plain Java: it attests, and obtains entries, SVIDs
 * and trust bundles. It knows neither Spring nor token files.
 */
@NullMarked
package dev.psat.spire.client;

import org.jspecify.annotations.NullMarked;
