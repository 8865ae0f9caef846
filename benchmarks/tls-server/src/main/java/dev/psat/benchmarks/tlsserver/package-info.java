/**
 * A server that the table about TLS starts in a JVM of its own.
 */
@NullMarked
package dev.psat.benchmarks.tlsserver;

import org.jspecify.annotations.NullMarked;
