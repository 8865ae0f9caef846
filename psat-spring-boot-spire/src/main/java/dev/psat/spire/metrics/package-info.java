/**
 * Auto-configuration for the meters of the SPIRE identity.
 */
@NullMarked
package dev.psat.spire.metrics;

import org.jspecify.annotations.NullMarked;
