/**
 * The health of the token.
 */
@NullMarked
package dev.psat.health;

import org.jspecify.annotations.NullMarked;
