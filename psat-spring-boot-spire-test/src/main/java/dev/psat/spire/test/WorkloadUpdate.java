package dev.psat.spire.test;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;

record WorkloadUpdate(List<Identity> identities, AgentBundle bundle, Map<String, AgentBundle> federated) {

	record Identity(CachedEntry entry, HeldX509Svid svid) {

		String spiffeId() {
			return this.entry.entry().spiffeId();
		}

	}

	record HeldX509Svid(List<X509Certificate> chain, PrivateKey privateKey, X509Authority issuer, Instant issuedAt,
			long revisionNumber) {

		boolean isDue(long currentRevisionNumber, Instant now) {
			Duration life = Duration.between(this.issuedAt, this.chain.get(0).getNotAfter().toInstant());
			return this.revisionNumber != currentRevisionNumber || !now.isBefore(this.issuedAt.plus(life.dividedBy(2)));
		}

	}

}
