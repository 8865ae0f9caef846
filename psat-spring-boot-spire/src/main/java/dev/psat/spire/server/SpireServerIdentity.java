package dev.psat.spire.server;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.Delivery;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRefusals;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.News;
import dev.psat.spire.internal.SvidSubject;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

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

	private final JwtRefusals jwtRefusals;

	private final JwtSvids jwtSvids;

	private final Delivery<SpireStatus> delivery = News.delivery(this::status);

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
		JwtSvidIssuer issuer = new JwtSvidIssuer(this.lateStart::current, this.memory.svid()::entry, this::state,
				this::unavailable, this.memory.outcomes(), settings.time());
		this.jwtRefusals = new JwtRefusals(issuer::issue, settings.time());
		this.memory.outcomes().add(this.jwtRefusals);
		this.jwtSvids = new JwtSvids(this.jwtRefusals, this::subject, this::state, this::unavailable, settings.time());
	}

	@Override
	public X509Svid x509Svid() {
		this.lateStart.startOnUse();
		HeldSvid held = held();
		if (held == null || this.settings.time().now().isAfter(held.svid().expiresAt())) {
			throw unavailable("No X.509-SVID is in force");
		}
		return held.svid();
	}

	@Override
	public TrustBundle trustBundle() {
		this.lateStart.startOnUse();
		TrustBundle bundle = this.memory.bundles().current();
		if (bundle == null) {
			throw unavailable("No trust bundle has been read yet");
		}
		return bundle;
	}

	@Override
	public TrustBundle trustBundle(TrustDomain trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		if (isOwn(trustDomain)) {
			return trustBundle();
		}
		this.lateStart.startOnUse();
		Snapshot snapshot = this.memory.publication().snapshot();
		Instant now = this.settings.time().now();
		TrustBundle bundle = snapshot.federatedBundle(trustDomain, now);
		if (bundle == null) {
			throw new SvidUnavailableException(snapshot.absence(trustDomain, now), snapshot.stateAt(now),
					snapshot.adviceOn(trustDomain));
		}
		return bundle;
	}

	private boolean isOwn(TrustDomain trustDomain) {
		return trustDomain.equals(this.settings.trustDomain());
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		Assert.notNull(audience, "'audience' must not be null");
		Assert.notNull(more, "'more' must not be null");
		Assert.noNullElements(more, "'more' must not contain null elements");
		Set<String> audiences = new TreeSet<>(List.of(more));
		audiences.add(audience);
		audiences.forEach((each) -> Assert.hasText(each, "'audience' must not be blank"));
		this.lateStart.startOnUse();
		return this.jwtSvids.get(Collections.unmodifiableSet(audiences));
	}

	@Override
	public TlsSnapshot snapshot() {
		try {
			this.lateStart.startOnUse();
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			// told by whoever starts it
			return TlsSnapshot.EMPTY;
		}
		// first, since the trust bundle that it needs is published before it
		HeldSvid held = held();
		return new TlsSnapshot((held != null) ? held.keyed() : null, this.memory.bundles().current());
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		TrustBundle own = snapshot().trustBundle();
		return isOwn(trustDomain) ? own
				: this.memory.publication().snapshot().federatedBundle(trustDomain, this.settings.time().now());
	}

	@Override
	public String absence(TrustDomain trustDomain) {
		return isOwn(trustDomain) ? "There is no trust bundle yet"
				: this.memory.publication().snapshot().absence(trustDomain, this.settings.time().now());
	}

	@Override
	public String absence() {
		try {
			x509Svid();
			return "The X.509-SVID has only just arrived";
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			return "The SPIRE identity cannot be started: " + ex.getClass().getName();
		}
	}

	@Override
	public void onChange(Runnable listener) {
		Assert.notNull(listener, "'listener' must not be null");
		addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				listener.run();
			}

		});
	}

	@Override
	public SpireStatus status() {
		return this.memory.publication().snapshot().status(this.settings, this.settings.time().now());
	}

	@Override
	public void addObserver(SpireObserver observer) {
		Assert.notNull(observer, "'observer' must not be null");
		// first, since it may remove itself as soon as it learns of the status
		this.memory.outcomes().add(observer);
		try {
			this.delivery.add(observer, observer::changed);
		}
		catch (OutOfMemoryError ex) {
			this.memory.outcomes().remove(observer);
			throw ex;
		}
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		Assert.notNull(observer, "'observer' must not be null");
		this.memory.outcomes().remove(observer);
		this.delivery.remove(observer);
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
		try {
			this.lateStart.close();
		}
		finally {
			this.delivery.close();
		}
	}

	private RunningIdentity newRun() {
		return new RunningIdentity(this.settings, this.memory, this.jwtRefusals::over);
	}

	private @Nullable HeldSvid held() {
		return this.memory.publication().snapshot().svid();
	}

	private SpireState state() {
		return status().state();
	}

	private @Nullable SvidSubject subject() {
		HeldSvid held = held();
		return (held != null) ? held.subject() : null;
	}

	private void changed() {
		RunningIdentity identity = this.lateStart.current();
		if (identity != null && held() != null) {
			identity.serving();
		}
		this.delivery.request();
	}

	private SvidUnavailableException unavailable(String message) {
		SpireStatus status = status();
		SpireStatus.LastError error = (this.lateStart.current() != null) ? status.lastError() : null;
		return (error != null) ? new SvidUnavailableException("%s: %s".formatted(message, error.message()),
				status.state(), error.advice())
				: new SvidUnavailableException(message, status.state(), advice(status.state()));
	}

	private String advice(SpireState state) {
		if (this.lateStart.isClosed()) {
			return "Ask before the application stops: the SPIRE identity is closed.";
		}
		if (this.lateStart.current() == null) {
			return "Start the SPIRE identity: it is stopped.";
		}
		return (state.isUp() ? "Ask again in a moment: the state is %s."
				: "Wait until the SPIRE Server has answered: the state is %s.")
			.formatted(state);
	}

}
