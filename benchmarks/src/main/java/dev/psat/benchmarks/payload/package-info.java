/**
 * The cost of a payload, call by call.
 */
@NullMarked
package dev.psat.benchmarks.payload;

import org.jspecify.annotations.NullMarked;
