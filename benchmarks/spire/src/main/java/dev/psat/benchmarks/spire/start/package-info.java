/**
 * From the start of a JVM to the first SVID.
 */
@NullMarked
package dev.psat.benchmarks.spire.start;

import org.jspecify.annotations.NullMarked;
