package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The X.509 authority of the simulated server. It is rotated as by the commands
 * {@code localauthority x509}: {@link #prepare()}, {@link #activate()}, {@link #taint()},
 * {@link #revoke()}. The transcripts {@code rotation-*} prove the effect of each on the
 * trust bundle, its sequence number and the server's own certificate. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#authority()
 */
public final class SimulatedAuthority {

	private final AtomicLong sequenceNumber;

	private final @Nullable X509Authority upstream;

	private final AuthorityRotation<X509Authority> rotation;

	private final ServerCredential serverCredential;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	SimulatedAuthority(String trustDomain, Clock clock, Duration ttl, Duration serverTtl,
			@Nullable X509Authority upstream, AtomicLong sequenceNumber) {
		this.sequenceNumber = sequenceNumber;
		this.upstream = upstream;
		Supplier<X509Authority> factory = () -> newAuthority(trustDomain, clock, ttl, upstream);
		this.rotation = new AuthorityRotation<>(factory.get(), factory);
		this.serverCredential = new ServerCredential(SpiffeIds.server(trustDomain), clock, serverTtl, this::active);
	}

	private static X509Authority newAuthority(String trustDomain, Clock clock, Duration ttl,
			@Nullable X509Authority upstream) {
		String uri = SpiffeIds.of(trustDomain, "");
		return (upstream != null) ? upstream.subordinate(uri, clock.instant(), ttl)
				: X509Authority.selfSigned(uri, clock.instant(), ttl);
	}

	/**
	 * Prepare a new authority. It is added to the trust bundle, unless there is an
	 * upstream authority, but does not sign anything yet.
	 */
	public void prepare() {
		this.rotation.prepare();
		if (this.upstream == null) {
			this.sequenceNumber.incrementAndGet();
		}
		changed();
	}

	/**
	 * Activate the prepared authority, which signs from now on. The server's own
	 * certificate follows on its next renewal.
	 */
	public void activate() {
		this.rotation.activate();
	}

	/**
	 * Taint the authority that was active before, so that everything that it has signed
	 * should be replaced. The server replaces its own certificate immediately.
	 */
	public void taint() {
		checkSelfSigned();
		this.rotation.taint();
		this.sequenceNumber.incrementAndGet();
		this.serverCredential.renew();
		changed();
	}

	/**
	 * Revoke the tainted authority that was active before. New connections with an SVID
	 * that it has signed are refused; open ones continue.
	 */
	public void revoke() {
		checkSelfSigned();
		this.rotation.revoke();
		this.sequenceNumber.incrementAndGet();
		changed();
	}

	private void checkSelfSigned() {
		Assert.state(this.upstream == null, "The authority belongs to an upstream");
	}

	/**
	 * Prepare and activate a new authority, and renew the server's own certificate, like
	 * the automatic rotation during the lifetime of an authority.
	 */
	public void rotate() {
		prepare();
		activate();
		renewServerCertificate();
	}

	/**
	 * Renew the server's own certificate, which happens automatically after half of its
	 * lifetime.
	 */
	public void renewServerCertificate() {
		this.serverCredential.renew();
	}

	/** Called without a lock whenever what the server publishes has changed. */
	void onChange(Runnable listener) {
		this.listeners.add(listener);
	}

	void changed() {
		this.listeners.forEach(Runnable::run);
	}

	ServerCredential serverCredential() {
		return this.serverCredential;
	}

	@Nullable X509Authority upstream() {
		return this.upstream;
	}

	X509Authority active() {
		return this.rotation.active();
	}

	/** Oldest first; with an upstream authority, only that one. */
	List<X509Authority> trusted() {
		return (this.upstream != null) ? List.of(this.upstream) : this.rotation.trusted();
	}

}
