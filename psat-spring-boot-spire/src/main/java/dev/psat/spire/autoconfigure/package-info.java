/**
 * Auto-configuration for the SPIRE identity, its SSL bundle, and its actuator support.
 */
@NullMarked
package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.NullMarked;
