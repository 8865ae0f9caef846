/**
 * TLS with the current X.509-SVID: the identity of this application, and the peers that
 * it accepts. A {@link dev.psat.spire.tls.TlsSnapshot} holds the identity at one moment.
 * Each connection uses a single snapshot, and none is resumed with another. Only
 * {@code HandshakeCounts}, {@code Direction} and {@code HandshakeOutcome} are meant for
 * applications; everything else is public for the other packages of this module.
 */
@NullMarked
package dev.psat.spire.tls;

import org.jspecify.annotations.NullMarked;
