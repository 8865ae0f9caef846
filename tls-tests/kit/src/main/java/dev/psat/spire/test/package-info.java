/**
 * Support for the TLS tests that needs access to the package of the simulated SPIRE
 * Server, which creates certificates.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
