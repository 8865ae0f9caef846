/**
 * What the starter adds to the start of an application.
 */
@NullMarked
package dev.psat.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
