/**
 * What the packages of the servers share: which bundles they serve, and what clients have
 * to present.
 */
@NullMarked
package dev.psat.spire.autoconfigure.ssl.internal;

import org.jspecify.annotations.NullMarked;
