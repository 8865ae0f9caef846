/**
 * The SVID of an agent, and its rotation.
 */
@NullMarked
package dev.psat.benchmarks.spire.workload;

import org.jspecify.annotations.NullMarked;
