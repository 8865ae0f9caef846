/**
 * A simulated kubelet, for tests and for a laptop.
 */
@NullMarked
package dev.psat.test;

import org.jspecify.annotations.NullMarked;
