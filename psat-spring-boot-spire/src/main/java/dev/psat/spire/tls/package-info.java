/**
 * TLS with the X.509-SVID of the moment: who we are, and which peers are let in. A
 * {@link dev.psat.spire.tls.TlsSnapshot} holds what is valid at one moment; each
 * connection is made of one of them, and none is resumed past another. Plain Java.
 * Applications meet {@code HandshakeCounts}, {@code Direction} and
 * {@code HandshakeOutcome} here; all else is public only for the other packages of this
 * module.
 */
@NullMarked
package dev.psat.spire.tls;

import org.jspecify.annotations.NullMarked;
