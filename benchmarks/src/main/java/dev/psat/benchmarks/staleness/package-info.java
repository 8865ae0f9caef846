/**
 * The age of the tokens that are handed out.
 */
@NullMarked
package dev.psat.benchmarks.staleness;

import org.jspecify.annotations.NullMarked;
