package dev.psat.tlstests;

import java.security.cert.X509Certificate;

import org.jspecify.annotations.Nullable;

/**
 * How a client was received.
 *
 * @param answered whether the server has answered, beyond the handshake
 * @param server the certificate that the server has presented in this handshake,
 * {@code null} if the client cannot tell, or there was no full handshake
 * @param output the output of the client
 */
public record Reception(boolean answered, @Nullable X509Certificate server, String output) {

}
