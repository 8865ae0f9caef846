package dev.psat.spire.workload;

import java.time.Instant;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What the identity serves.
 *
 * @param endpoint where the Workload API is
 * @param publication publishes the snapshot
 */
record WorkloadView(String endpoint, WorkloadPublication publication) implements ServedIdentity.View {

	@Override
	public @Nullable HeldSvid svid() {
		return snapshot().svid();
	}

	@Override
	public @Nullable TrustBundle trustBundle() {
		return snapshot().trust().own();
	}

	@Override
	public TlsSnapshot tls() {
		WorkloadSnapshot snapshot = snapshot();
		HeldSvid held = snapshot.svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, snapshot.trust().own());
	}

	@Override
	public Federation federation() {
		return snapshot().trust().federation();
	}

	@Override
	public boolean isOwn(TrustDomain trustDomain) {
		return snapshot().trust().isOwn(trustDomain);
	}

	@Override
	public SpireStatus status(Instant now) {
		return snapshot().status(this.endpoint, now);
	}

	private WorkloadSnapshot snapshot() {
		return this.publication.current();
	}

}
