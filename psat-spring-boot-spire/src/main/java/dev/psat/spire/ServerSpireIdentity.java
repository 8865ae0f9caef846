package dev.psat.spire;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.X509Svid;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The identity that a SPIRE Server issues. SVID and trust bundle survive a stop.
 */
final class ServerSpireIdentity implements SpireIdentity {

	private final Settings settings;

	private final Time time;

	private final Payloads payloads;

	private final BundleFile bundleFile;

	private final TrustBundleKeeper bundles;

	private final EntryKeeper entries;

	private final SvidRenewal renewal;

	private final Outcomes outcomes = new Outcomes();

	private final StatusDelivery delivery = new StatusDelivery(this::status);

	private final SpirePublication publication;

	private final AtomicBoolean statusPosted = new AtomicBoolean();

	private final Lock visiting = new ReentrantLock();

	private final JwtRefusals jwtRefusals;

	private final JwtSvids jwtSvids;

	private volatile @Nullable Residence residence;

	private volatile boolean closed;

	/** Beans may need the identity before the life cycle of the application starts it. */
	private volatile boolean startsOnUse = true;

	ServerSpireIdentity(Settings settings) {
		this.settings = settings;
		this.time = settings.time();
		this.payloads = new Payloads(settings.attestor(), settings.attestTimeout(), this.time);
		this.bundleFile = new BundleFile(settings.trustDomain(), settings.trustBundle(), this.time);
		this.bundles = new TrustBundleKeeper(this.bundleFile, this.time);
		this.entries = new EntryKeeper(settings.trustDomain(), settings.wish(), this.time);
		this.renewal = new SvidRenewal(settings.server(), settings.keyType(), this.time);
		this.publication = new SpirePublication(this.time, this::changed);
		JwtSvidIssuer issuer = new JwtSvidIssuer(() -> this.residence, () -> this.publication.snapshot().svid(),
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

	/**
	 * Return the snapshot for TLS. The SVID is read first, since the trust bundle that it
	 * needs is published before it. An identity that cannot be started yet has none.
	 */
	TlsSnapshot tls() {
		try {
			startOnUse();
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			// told by whoever starts it
			return TlsSnapshot.EMPTY;
		}
		HeldSvid held = this.publication.snapshot().svid();
		return new TlsSnapshot((held != null) ? held.keyed() : null, this.bundles.current());
	}

	@Override
	public SpireStatus status() {
		return this.publication.snapshot().status(this.settings, this.time.now());
	}

	@Override
	public void addObserver(SpireObserver observer) {
		Assert.notNull(observer, "'observer' must not be null");
		this.delivery.add(observer);
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
	 * @return the residence, {@code null} if there was nothing to start
	 */
	private synchronized @Nullable Residence startAlone(boolean onUse) {
		if (onUse && (!this.startsOnUse || this.closed)) {
			return null;
		}
		Assert.state(!this.closed, "The SPIRE identity is closed");
		if (this.residence != null) {
			return null;
		}
		Residence residence = new Residence(this.settings, this.payloads, this.bundles, this.entries, this.renewal,
				this.outcomes, this.publication, this.statusPosted, this.visiting);
		this.residence = residence;
		// not before, or whoever uses it at the same time would find it stopped
		this.startsOnUse = false;
		try {
			residence.start();
			return residence;
		}
		catch (RuntimeException | Error ex) {
			this.residence = null;
			residence.close();
			throw ex;
		}
	}

	private void listen(@Nullable Residence residence) {
		if (residence != null) {
			try {
				residence.subscription().begin();
			}
			// including undeclared exceptions: a token source need not be written in Java
			catch (Throwable ex) {
				abandon(residence);
				throw ex;
			}
		}
	}

	private synchronized void abandon(Residence residence) {
		// it may have been stopped in the meantime
		if (this.residence == residence) {
			stopAlone();
		}
	}

	@Override
	public void stop() {
		Residence residence = stopAlone();
		if (residence != null) {
			residence.subscription().end();
		}
	}

	private synchronized @Nullable Residence stopAlone() {
		this.startsOnUse = false;
		Residence residence = this.residence;
		this.residence = null;
		if (residence != null) {
			try {
				residence.close();
			}
			finally {
				this.payloads.end();
				this.bundleFile.end();
				this.jwtRefusals.over();
				this.publication.withoutAgent();
			}
		}
		return residence;
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
		Residence residence = this.residence;
		if (residence != null && this.publication.snapshot().svid() != null) {
			residence.serving();
		}
		this.delivery.request();
	}

	private SvidUnavailableException unavailable(String message) {
		SpireStatus status = status();
		SpireStatus.LastError error = (this.residence != null) ? status.lastError() : null;
		return (error != null) ? new SvidUnavailableException("%s: %s".formatted(message, error.message()),
				status.state(), error.advice())
				: new SvidUnavailableException(message, status.state(), advice(status.state()));
	}

	private String advice(SpireState state) {
		if (this.closed) {
			return "Ask before the application stops: the SPIRE identity is closed.";
		}
		if (this.residence == null) {
			return "Start the SPIRE identity: it is stopped.";
		}
		return (state.isUp() ? "Ask again in a moment: the state is %s."
				: "Wait until the SPIRE Server has answered: the state is %s.")
			.formatted(state);
	}

}
