/**
 * What many clients are to one server.
 */
@NullMarked
package dev.psat.benchmarks.spire.load;

import org.jspecify.annotations.NullMarked;
