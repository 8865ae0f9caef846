/**
 * Auto-configuration for the meters of the SPIRE identity.
 */
@NullMarked
package dev.psat.spire.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
