/**
 * A client that obtains its first X.509-SVID by java-spiffe, in a JVM of its own.
 */
@NullMarked
package dev.psat.benchmarks.svid;

import org.jspecify.annotations.NullMarked;
