/**
 * A simulated kubelet for tests and for running on a laptop.
 */
@NullMarked
package dev.psat.test;

import org.jspecify.annotations.NullMarked;
