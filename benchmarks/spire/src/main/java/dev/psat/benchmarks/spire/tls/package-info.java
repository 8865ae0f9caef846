/**
 * What TLS with the SSL bundle costs, and what a rotation does to those who call.
 */
@NullMarked
package dev.psat.benchmarks.spire.tls;

import org.jspecify.annotations.NullMarked;
