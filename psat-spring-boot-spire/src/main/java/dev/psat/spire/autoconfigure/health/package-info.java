/**
 * Auto-configuration for the health contributor of the SPIRE identity.
 */
@NullMarked
package dev.psat.spire.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
