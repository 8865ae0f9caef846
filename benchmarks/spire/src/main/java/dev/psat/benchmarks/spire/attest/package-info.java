/**
 * How long it takes from an attestation to an X.509-SVID, on new connections.
 */
@NullMarked
package dev.psat.benchmarks.spire.attest;

import org.jspecify.annotations.NullMarked;
