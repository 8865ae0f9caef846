/**
 * Programs that run in a JVM of their own, and what they take of the machine.
 */
@NullMarked
package dev.psat.benchmarks.jvm;

import org.jspecify.annotations.NullMarked;
