/**
 * What soaks have in common: what must not happen, what must not grow, and how both are
 * told.
 */
@NullMarked
package dev.psat.support.soak;

import org.jspecify.annotations.NullMarked;
