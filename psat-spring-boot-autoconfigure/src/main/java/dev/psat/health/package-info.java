/** Health indicator for the token. */
@NullMarked
package dev.psat.health;

import org.jspecify.annotations.NullMarked;
