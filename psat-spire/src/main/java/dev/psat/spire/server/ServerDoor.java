package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRequests;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

final class ServerDoor implements ServedIdentity.Door<RunningIdentity> {

	private final Settings settings;

	private final Outcomes outcomes = new Outcomes();

	private final SpirePublication publication;

	private @Nullable Memory memory;

	ServerDoor(Settings settings, Runnable changed) {
		this.settings = settings;
		this.publication = new SpirePublication(settings.federatesWith(), settings.time(), changed);
	}

	/** Not needed before the first visit, so that an application is ready sooner. */
	private synchronized Memory memory() {
		Memory memory = this.memory;
		if (memory == null) {
			memory = Memory.of(this.settings, this.outcomes, this.publication);
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
		return new RunningIdentity(this.settings, this.publication, this::memory);
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

	record Settings(PsatAttestor attestor, ServerAddress server, TrustDomain trustDomain, Path trustBundle,
			Duration attestTimeout, boolean allowNodeIdentity, SvidPreference preference, KeyType keyType,
			Duration refreshInterval, List<TrustDomain> federatesWith, @Nullable TokenSource tokenSource, Time time) {

	}

	/**
	 * What an identity keeps from one start to the next. The lock is held during a visit
	 * and guards all of it: a visit of the previous start may still hang in an observer.
	 */
	record Memory(Lock visiting, Payloads payloads, TrustBundleKeeper bundles, EntryKeeper entries,
			FederationKeeper federation, SvidKeeper svid, Outcomes outcomes, SpirePublication publication,
			AtomicBoolean statusPosted) {

		void stopped() {
			this.payloads.end();
			this.bundles.end();
			this.publication.withoutAgent();
		}

		static Memory of(Settings settings, Outcomes outcomes, SpirePublication publication) {
			Time time = settings.time();
			return new Memory(new ReentrantLock(),
					new Payloads(settings.attestor(), settings.tokenSource(), settings.attestTimeout(), time),
					new TrustBundleKeeper(new BundleFile(settings.trustDomain(), settings.trustBundle(), time), time),
					new EntryKeeper(settings.trustDomain(), settings.preference(), time),
					new FederationKeeper(settings.federatesWith(), time, outcomes, publication::federating),
					new SvidKeeper(settings.keyType(), time), outcomes, publication, new AtomicBoolean());
		}

	}

}
