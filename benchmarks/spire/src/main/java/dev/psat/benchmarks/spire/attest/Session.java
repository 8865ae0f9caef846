package dev.psat.benchmarks.spire.attest;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Result of an attestation.
 *
 * @param leaf the X.509-SVID
 * @param connections the connections that are open
 */
record Session(X509Certificate leaf, List<? extends AutoCloseable> connections) implements AutoCloseable {

	@Override
	public void close() throws Exception {
		for (AutoCloseable connection : this.connections) {
			connection.close();
		}
	}

}
