/**
 * What the tests of TLS need of the simulated SPIRE Server's own package, which makes
 * certificates.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
