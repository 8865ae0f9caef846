/**
 * Auto-configuration of the SPIRE identity and what shows it.
 */
@NullMarked
package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.NullMarked;
