package dev.psat.spire.server;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.Delivery;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.JwtRefusals;
import dev.psat.spire.internal.JwtSvids;
import dev.psat.spire.internal.News;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Time;
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

	private final Time time;

	private final Payloads payloads;

	private final BundleFile bundleFile;

	private final TrustBundleKeeper bundles;

	private final EntryKeeper entries;

	private final SvidRenewal renewal;

	private final Outcomes outcomes = new Outcomes();

	private final Delivery<SpireStatus> delivery = News.delivery(this::status);

	private final SpirePublication publication;

	private final AtomicBoolean statusPosted = new AtomicBoolean();

	private final Lock visiting = new ReentrantLock();

	private final JwtRefusals jwtRefusals;

	private final JwtSvids jwtSvids;

	private volatile @Nullable RunningIdentity running;

	private volatile boolean closed;

	/** Beans may need the identity before the life cycle of the application starts it. */
	private volatile boolean startsOnUse = true;

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
		this.time = settings.time();
		this.payloads = new Payloads(settings.attestor(), settings.attestTimeout(), this.time);
		this.bundleFile = new BundleFile(settings.trustDomain(), settings.trustBundle(), this.time);
		this.bundles = new TrustBundleKeeper(this.bundleFile, this.time);
		this.entries = new EntryKeeper(settings.trustDomain(), settings.preference(), this.time);
		this.renewal = new SvidRenewal(settings.server(), settings.keyType(), this.time);
		this.publication = new SpirePublication(this.time, this::changed);
		JwtSvidIssuer issuer = new JwtSvidIssuer(() -> this.running, () -> this.publication.snapshot().svid(),
				this::state, this::unavailable, this.outcomes, this.time);
		this.jwtRefusals = new JwtRefusals(issuer::issue, this.time);
		this.outcomes.add(this.jwtRefusals);
		this.jwtSvids = new JwtSvids(this.jwtRefusals, this::entry, this::state, this::unavailable, this.time);
	}

	@Override
	public X509Svid x509Svid() {
		startOnUse();
		HeldSvid held = this.publication.snapshot().svid();
		if (held == null || this.time.now().isAfter(held.svid().expiresAt())) {
			throw unavailable("No X.509-SVID is in force");
		}
		return held.svid();
	}

	@Override
	public TrustBundle trustBundle() {
		startOnUse();
		TrustBundle bundle = this.bundles.current();
		if (bundle == null) {
			throw unavailable("No trust bundle has been read yet");
		}
		return bundle;
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		Assert.notNull(audience, "'audience' must not be null");
		Assert.notNull(more, "'more' must not be null");
		Assert.noNullElements(more, "'more' must not contain null elements");
		Set<String> audiences = new TreeSet<>(List.of(more));
		audiences.add(audience);
		audiences.forEach((each) -> Assert.hasText(each, "'audience' must not be blank"));
		startOnUse();
		return this.jwtSvids.get(Collections.unmodifiableSet(audiences));
	}

	@Override
	public TlsSnapshot snapshot() {
		try {
			startOnUse();
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			// told by whoever starts it
			return TlsSnapshot.EMPTY;
		}
		// first, since the trust bundle that it needs is published before it
		HeldSvid held = this.publication.snapshot().svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, this.bundles.current());
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
		return this.publication.snapshot().status(this.settings, this.time.now());
	}

	@Override
	public void addObserver(SpireObserver observer) {
		Assert.notNull(observer, "'observer' must not be null");
		this.delivery.add(observer, observer::changed);
		this.outcomes.add(observer);
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		Assert.notNull(observer, "'observer' must not be null");
		this.outcomes.remove(observer);
		this.delivery.remove(observer);
	}

	@Override
	public void start() {
		listen(startAlone(false));
	}

	private void startOnUse() {
		if (this.startsOnUse) {
			listen(startAlone(true));
		}
	}

	/**
	 * Start, but do not listen to the token source yet: that is foreign code, for which
	 * no lock may be held.
	 * @param onUse whether to start only if that is up to the first use
	 * @return the running identity, {@code null} if there was nothing to start
	 */
	private synchronized @Nullable RunningIdentity startAlone(boolean onUse) {
		if (onUse && (!this.startsOnUse || this.closed)) {
			return null;
		}
		Assert.state(!this.closed, "The SPIRE identity is closed");
		if (this.running != null) {
			return null;
		}
		RunningIdentity running = new RunningIdentity(this.settings, this.payloads, this.bundles, this.entries,
				this.renewal, this.outcomes, this.publication, this.statusPosted, this.visiting);
		this.running = running;
		// not before, or whoever uses it at the same time would find it stopped
		this.startsOnUse = false;
		try {
			running.start();
			return running;
		}
		catch (RuntimeException | Error ex) {
			this.running = null;
			running.close();
			throw ex;
		}
	}

	private void listen(@Nullable RunningIdentity running) {
		if (running != null) {
			try {
				running.subscription().begin();
			}
			// including undeclared exceptions: a token source need not be written in Java
			catch (Throwable ex) {
				abandon(running);
				throw ex;
			}
		}
	}

	private synchronized void abandon(RunningIdentity running) {
		// it may have been stopped in the meantime
		if (this.running == running) {
			stopAlone();
		}
	}

	@Override
	public void stop() {
		RunningIdentity running = stopAlone();
		if (running != null) {
			running.subscription().end();
		}
	}

	private synchronized @Nullable RunningIdentity stopAlone() {
		this.startsOnUse = false;
		RunningIdentity running = this.running;
		this.running = null;
		if (running != null) {
			try {
				running.close();
			}
			finally {
				this.payloads.end();
				this.bundleFile.end();
				this.jwtRefusals.over();
				this.publication.withoutAgent();
			}
		}
		return running;
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			stop();
		}
		finally {
			this.delivery.close();
		}
	}

	private SpireState state() {
		return status().state();
	}

	private @Nullable AuthorizedEntry entry() {
		HeldSvid held = this.publication.snapshot().svid();
		return (held != null) ? held.entry() : null;
	}

	private void changed() {
		RunningIdentity running = this.running;
		if (running != null && this.publication.snapshot().svid() != null) {
			running.serving();
		}
		this.delivery.request();
	}

	private SvidUnavailableException unavailable(String message) {
		SpireStatus status = status();
		SpireStatus.LastError error = (this.running != null) ? status.lastError() : null;
		return (error != null) ? new SvidUnavailableException("%s: %s".formatted(message, error.message()),
				status.state(), error.advice())
				: new SvidUnavailableException(message, status.state(), advice(status.state()));
	}

	private String advice(SpireState state) {
		if (this.closed) {
			return "Ask before the application stops: the SPIRE identity is closed.";
		}
		if (this.running == null) {
			return "Start the SPIRE identity: it is stopped.";
		}
		return (state.isUp() ? "Ask again in a moment: the state is %s."
				: "Wait until the SPIRE Server has answered: the state is %s.")
			.formatted(state);
	}

}
