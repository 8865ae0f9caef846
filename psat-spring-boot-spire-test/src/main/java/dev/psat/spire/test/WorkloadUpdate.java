package dev.psat.spire.test;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;

/**
 * What an agent tells a workload at one time.
 *
 * @param identities the identities, that of the lowest entry ID first
 * @param bundle the own trust bundle
 * @param federated the trust bundles of others, by the names of their trust domains
 */
record WorkloadUpdate(List<Identity> identities, AgentBundle bundle, Map<String, AgentBundle> federated) {

	/**
	 * The identity of an entry.
	 */
	record Identity(CachedEntry entry, HeldX509Svid svid) {

		String spiffeId() {
			return this.entry.entry().spiffeId();
		}

	}

	/**
	 * An X509-SVID with its key, and by whom and when it was issued.
	 */
	record HeldX509Svid(List<X509Certificate> chain, PrivateKey privateKey, X509Authority issuer, Instant issuedAt,
			long revisionNumber) {

		boolean isDue(long currentRevisionNumber, Instant now) {
			Duration life = Duration.between(this.issuedAt, this.chain.get(0).getNotAfter().toInstant());
			return this.revisionNumber != currentRevisionNumber || !now.isBefore(this.issuedAt.plus(life.dividedBy(2)));
		}

	}

}
