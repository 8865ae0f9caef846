/**
 * A client that obtains its first X.509-SVID in a JVM of its own.
 */
@NullMarked
package dev.psat.benchmarks.svid;

import org.jspecify.annotations.NullMarked;
