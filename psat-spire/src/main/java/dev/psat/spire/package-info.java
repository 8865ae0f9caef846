/**
 * The door: the SPIFFE identity of an application, its status and events. Applications
 * inject a {@link SpireIdentity}, wherever its SVIDs come from.
 */
@NullMarked
package dev.psat.spire;

import org.jspecify.annotations.NullMarked;
