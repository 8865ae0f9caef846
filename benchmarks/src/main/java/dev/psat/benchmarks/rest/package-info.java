/**
 * The cost of the starter while nothing happens.
 */
@NullMarked
package dev.psat.benchmarks.rest;

import org.jspecify.annotations.NullMarked;
