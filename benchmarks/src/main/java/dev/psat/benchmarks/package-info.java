/**
 * Benchmarks that compare the library side by side with what people use today. Each
 * writes a table to {@code benchmarks/results}.
 */
@NullMarked
package dev.psat.benchmarks;

import org.jspecify.annotations.NullMarked;
