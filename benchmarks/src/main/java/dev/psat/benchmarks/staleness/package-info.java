/**
 * How old a token is that is handed out.
 */
@NullMarked
package dev.psat.benchmarks.staleness;

import org.jspecify.annotations.NullMarked;
