/**
 * The door: the SPIFFE identity of an application, its status and events. Applications
 * inject a {@link SpireIdentity}, wherever its SVIDs come from, and have its TLS by a
 * {@link SpireTls} where they have no SSL bundle.
 */
@NullMarked
package dev.psat.spire;

import org.jspecify.annotations.NullMarked;
