package dev.psat.benchmarks.spire.attest;

import java.security.KeyPair;
import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AgentConnection;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.SpireClient;

/**
 * The client of the library, with the calls that the starter makes at a first visit.
 */
final class Ours implements Candidate {

	private final Target target;

	private volatile TrustBundle bundle;

	Ours(Target target, TrustBundle bundle) {
		this.target = target;
		this.bundle = bundle;
	}

	@Override
	public String name() {
		return "ours";
	}

	@Override
	public Session attest(byte[] payload, Laps laps) {
		SpireClient client = SpireClient.builder(this.target.address(), this.target.trustDomain(), () -> this.bundle)
			.build();
		this.bundle = client.trustBundle();
		laps.ended(Step.BUNDLE);
		if (laps.isRepeating()) {
			client.trustBundle();
			laps.ended(Step.BUNDLE_AGAIN);
		}
		KeyPair agentKey = KeyType.EC_P256.generate();
		laps.ended(Step.KEYS);
		X509Svid agent = client.attest("k8s_psat", payload, agentKey);
		laps.ended(Step.ATTESTATION);
		AgentConnection connection = client.connect(agent, agentKey);
		AuthorizedEntry entry = connection.authorizedEntries().get(0);
		laps.ended(Step.ENTRIES);
		if (laps.isRepeating()) {
			connection.authorizedEntries();
			laps.ended(Step.ENTRIES_AGAIN);
		}
		KeyPair key = KeyType.EC_P256.generate();
		laps.ended(Step.KEYS);
		X509Svid svid = connection.newX509Svid(entry, key);
		laps.ended(Step.SVID);
		return new Session(svid.leaf(), List.of(client));
	}

}
