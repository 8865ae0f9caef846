/**
 * How soon a rotation is noticed.
 */
@NullMarked
package dev.psat.benchmarks.notice;

import org.jspecify.annotations.NullMarked;
