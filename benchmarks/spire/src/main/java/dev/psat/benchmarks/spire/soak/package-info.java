/**
 * Two applications that call each other over mutual TLS while one fault after the other
 * happens at the SPIRE Server.
 */
@NullMarked
package dev.psat.benchmarks.spire.soak;

import org.jspecify.annotations.NullMarked;
