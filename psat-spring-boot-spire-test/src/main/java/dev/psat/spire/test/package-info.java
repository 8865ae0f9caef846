/**
 * A simulated SPIRE Server, for tests and for a laptop.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
