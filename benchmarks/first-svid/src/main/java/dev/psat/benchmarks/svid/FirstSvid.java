package dev.psat.benchmarks.svid;

import java.security.KeyPair;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.X509Svid;

/**
 * Obtains an X.509-SVID by {@code psat-spire-client}.
 */
public final class FirstSvid implements Candidate {

	/**
	 * Obtain an X.509-SVID.
	 * @param args see {@link Candidate}
	 * @throws Exception if there is none
	 */
	public static void main(String[] args) throws Exception {
		new FirstSvid().run(args);
	}

	@Override
	public X509Svid obtain(Assignment assignment) {
		AtomicReference<TrustBundle> trustBundle = new AtomicReference<>(assignment.trustBundle());
		SpireClient client = SpireClient.builder(assignment.server(), assignment.trustDomain(), trustBundle::get)
			.build();
		trustBundle.set(client.trustBundle());
		KeyPair agentKey = KeyType.EC_P256.generate();
		X509Svid agent = client.attest("k8s_psat", assignment.payload(), agentKey);
		AgentConnection connection = client.connect(agent, agentKey);
		return connection.newX509Svid(connection.authorizedEntries().get(0), KeyType.EC_P256.generate());
	}

}
