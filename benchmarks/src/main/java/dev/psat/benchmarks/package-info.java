/**
 * What all benchmarks have in common. Each writes a table to {@code benchmarks/results}:
 *
 * <pre>
 * Benchmarks   finds a benchmark by its name, and writes its Report
 *    │
 * Turns        measures contestants round by round
 *    │
 * Measured     pairs those of a round ── Sample   medians and their intervals
 *    │
 * Table        what Units has formatted
 * </pre>
 */
@NullMarked
package dev.psat.benchmarks;

import org.jspecify.annotations.NullMarked;
