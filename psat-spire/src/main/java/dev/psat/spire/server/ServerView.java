package dev.psat.spire.server;

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
 * @param settings the settings of the identity
 * @param memory what the identity keeps
 */
record ServerView(Settings settings, IdentityMemory memory) implements ServedIdentity.View {

	@Override
	public @Nullable HeldSvid svid() {
		return snapshot().svid();
	}

	@Override
	public @Nullable TrustBundle trustBundle() {
		return this.memory.bundles().current();
	}

	@Override
	public TlsSnapshot tls() {
		// first, since the trust bundle that it needs is published before it
		HeldSvid held = svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, trustBundle());
	}

	@Override
	public Federation federation() {
		return snapshot().federation();
	}

	@Override
	public boolean isOwn(TrustDomain trustDomain) {
		return trustDomain.equals(this.settings.trustDomain());
	}

	@Override
	public SpireStatus status(Instant now) {
		return snapshot().status(this.settings, now);
	}

	private Snapshot snapshot() {
		return this.memory.publication().snapshot();
	}

}
