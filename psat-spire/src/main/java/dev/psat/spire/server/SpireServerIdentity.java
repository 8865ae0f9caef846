package dev.psat.spire.server;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.JwtRefusals;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The identity that a SPIRE Server issues in return for the attestation payload. SVID and
 * trust bundle survive a stop.
 *
 * @since 0.1.0
 */
public final class SpireServerIdentity implements SpireIdentity, TlsIdentity {

	private final Settings settings;

	private final IdentityMemory memory;

	private final LateStart<RunningIdentity> lateStart;

	private final ServedIdentity served;

	private final JwtRefusals jwtRefusals;

	private final JwtSvids jwtSvids;

	/**
	 * Create a builder for an identity.
	 * @param attestor creates the payloads
	 * @return the builder
	 */
	public static SpireIdentityBuilder builder(PsatAttestor attestor) {
		return new SpireIdentityBuilder(attestor);
	}

	SpireServerIdentity(Settings settings) {
		this.settings = settings;
		this.memory = IdentityMemory.of(settings, this::changed);
		this.lateStart = new LateStart<>(this::newRun);
		this.served = new ServedIdentity(this.lateStart, new ServerView(settings, this.memory), this.memory.outcomes(),
				settings.time(), "the SPIRE Server");
		JwtSvidIssuer issuer = new JwtSvidIssuer(this.lateStart::current, this.memory.svid()::entry, this.served::state,
				this.served::unavailable, this.memory.outcomes(), settings.time());
		this.jwtRefusals = new JwtRefusals(issuer::issue, JwtSvidIssuer::reach, settings.time());
		this.memory.outcomes().add(this.jwtRefusals);
		this.jwtSvids = new JwtSvids(this.jwtRefusals, this.served::subject, this.served::state,
				this.served::unavailable, settings.time());
	}

	@Override
	public X509Svid x509Svid() {
		return this.served.x509Svid();
	}

	@Override
	public TrustBundle trustBundle() {
		return this.served.trustBundle();
	}

	@Override
	public TrustBundle trustBundle(TrustDomain trustDomain) {
		return this.served.trustBundle(trustDomain);
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		return this.jwtSvids.get(this.served.audiences(audience, more));
	}

	@Override
	public TlsSnapshot snapshot() {
		return this.served.snapshot();
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		return this.served.bundle(trustDomain);
	}

	@Override
	public String absence() {
		return this.served.absence();
	}

	@Override
	public String absence(TrustDomain trustDomain) {
		return this.served.absence(trustDomain);
	}

	@Override
	public boolean onChange(Runnable listener) {
		this.served.onChange(listener);
		return true;
	}

	@Override
	public SpireStatus status() {
		return this.served.status();
	}

	@Override
	public void addObserver(SpireObserver observer) {
		this.served.addObserver(observer);
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		this.served.removeObserver(observer);
	}

	@Override
	public void start() {
		this.lateStart.start();
	}

	@Override
	public void stop() {
		this.lateStart.stop();
	}

	@Override
	public void close() {
		this.served.close();
	}

	private RunningIdentity newRun() {
		return new RunningIdentity(this.settings, this.memory, this.jwtRefusals::over);
	}

	private void changed() {
		RunningIdentity identity = this.lateStart.current();
		if (identity != null && this.memory.publication().snapshot().svid() != null) {
			identity.serving();
		}
		this.served.changed();
	}

}
