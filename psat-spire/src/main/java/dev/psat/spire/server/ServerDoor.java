package dev.psat.spire.server;

import java.time.Instant;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Door;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Time;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The door of a SPIRE Server.
 */
record ServerDoor(Settings settings, IdentityMemory memory) implements Door<RunningIdentity> {

	@Override
	public String issuer() {
		return "the SPIRE Server";
	}

	@Override
	public Time time() {
		return this.settings.time();
	}

	@Override
	public Outcomes outcomes() {
		return this.memory.outcomes();
	}

	@Override
	public RunningIdentity newRun() {
		return new RunningIdentity(this.settings, this.memory);
	}

	@Override
	public JwtSvids.Issuer jwtIssuer(JwtRequests<RunningIdentity> requests) {
		return new JwtSvidIssuer(requests, this.memory, this.settings.time());
	}

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
		return snapshot().issued().federation();
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
