/**
 * Benchmarks of the SPIRE half, and what they share.
 */
@NullMarked
package dev.psat.benchmarks.spire;

import org.jspecify.annotations.NullMarked;
