/** Auto-configuration for the health of the token. */
@NullMarked
package dev.psat.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
