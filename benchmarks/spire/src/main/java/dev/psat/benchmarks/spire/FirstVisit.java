package dev.psat.benchmarks.spire;

import java.io.IOException;
import java.security.KeyPair;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.SpireClient;

/**
 * What the calls of a first visit obtain: trust bundle, attestation, entries, X.509-SVID.
 *
 * @param svid the X.509-SVID
 * @param key its key
 * @param client has the connections, which are open
 */
public record FirstVisit(X509Svid svid, KeyPair key, SpireClient client) implements AutoCloseable {

	/**
	 * Make the calls.
	 * @param target the server and the pod
	 * @return what they obtain, to be closed
	 * @throws IOException if token or trust bundle cannot be read
	 */
	public static FirstVisit to(Target target) throws IOException {
		return to(target, target.readTrustBundle(), target.payload());
	}

	/**
	 * Make the calls.
	 * @param target the server and the pod
	 * @param first what it has read of the trust bundle
	 * @param payload the payload for the token of the moment
	 * @return what they obtain, to be closed
	 */
	public static FirstVisit to(Target target, TrustBundle first, byte[] payload) {
		AtomicReference<TrustBundle> bundle = new AtomicReference<>(first);
		SpireClient client = SpireClient.builder(target.address(), target.trustDomain(), bundle::get).build();
		bundle.set(client.trustBundle());
		KeyPair agentKey = KeyType.EC_P256.generate();
		AgentConnection connection = client.connect(client.attest("k8s_psat", payload, agentKey), agentKey);
		KeyPair key = KeyType.EC_P256.generate();
		return new FirstVisit(connection.newX509Svid(connection.authorizedEntries().get(0), key), key, client);
	}

	@Override
	public void close() {
		this.client.close();
	}

}
