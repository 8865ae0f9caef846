/**
 * Health of the SPIRE identity.
 */
@NullMarked
package dev.psat.spire.health;

import org.jspecify.annotations.NullMarked;
