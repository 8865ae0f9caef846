package dev.psat.spire.server;

import java.time.Instant;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.Time;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The door of a SPIRE Server.
 */
final class ServerDoor implements ServedIdentity.Door<RunningIdentity> {

	private final Settings settings;

	private final Outcomes outcomes = new Outcomes();

	private final SpirePublication publication;

	private @Nullable IdentityMemory memory;

	ServerDoor(Settings settings, Runnable changed) {
		this.settings = settings;
		this.publication = new SpirePublication(settings.federatesWith(), settings.time(), changed);
	}

	/**
	 * Not needed before the first visit, so that an application is ready sooner.
	 */
	private synchronized IdentityMemory memory() {
		IdentityMemory memory = this.memory;
		if (memory == null) {
			memory = IdentityMemory.of(this.settings, this.outcomes, this.publication);
			this.memory = memory;
		}
		return memory;
	}

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
		return this.outcomes;
	}

	@Override
	public RunningIdentity newRun() {
		return new RunningIdentity(this.settings, this::memory);
	}

	@Override
	public JwtSvids.Issuer jwtIssuer(JwtRequests<RunningIdentity> requests) {
		return new JwtSvidIssuer(requests, this.publication, this.settings.time());
	}

	@Override
	public @Nullable HeldSvid svid() {
		return snapshot().svid();
	}

	@Override
	public @Nullable TrustBundle trustBundle() {
		return snapshot().issued().bundle();
	}

	@Override
	public TlsSnapshot tls() {
		Snapshot snapshot = snapshot();
		HeldSvid held = snapshot.svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, snapshot.issued().bundle());
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
		return this.publication.snapshot();
	}

}
