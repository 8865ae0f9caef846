/**
 * TLS with the current X.509-SVID, as others may implement or read it: the identity of
 * this application, the policies for its peers, and the counts of its handshakes.
 */
@NullMarked
package dev.psat.spire.tls;

import org.jspecify.annotations.NullMarked;
