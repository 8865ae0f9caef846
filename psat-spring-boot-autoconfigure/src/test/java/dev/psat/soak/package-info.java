/**
 * Faults of the file, its path, its content and the clock, one after the other and drawn
 * at random, which a context and two sources must withstand.
 */
@NullMarked
package dev.psat.soak;

import org.jspecify.annotations.NullMarked;
