package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

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

	private final String trustDomain;

	private final Clock clock;

	private final Duration ttl;

	private final AtomicLong sequenceNumber;

	private final @Nullable X509Authority upstream;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final List<X509Authority> trusted = new ArrayList<>();

	private X509Authority active;

	private @Nullable X509Authority prepared;

	private @Nullable X509Authority old;

	private final ServerCredential serverCredential;

	SimulatedAuthority(String trustDomain, Clock clock, Duration ttl, Duration serverTtl,
			@Nullable X509Authority upstream, AtomicLong sequenceNumber) {
		this.trustDomain = trustDomain;
		this.clock = clock;
		this.ttl = ttl;
		this.sequenceNumber = sequenceNumber;
		this.upstream = upstream;
		this.active = newAuthority(trustDomain, clock, ttl, this.upstream);
		this.trusted.add(this.active);
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
		synchronized (this) {
			Assert.state(this.prepared == null, "An authority is already prepared");
			X509Authority authority = newAuthority(this.trustDomain, this.clock, this.ttl, this.upstream);
			this.prepared = authority;
			this.trusted.add(authority);
			if (this.upstream == null) {
				this.sequenceNumber.incrementAndGet();
			}
		}
		changed();
	}

	/**
	 * Activate the prepared authority, which signs from now on. The server's own
	 * certificate follows on its next renewal.
	 */
	public void activate() {
		synchronized (this) {
			X509Authority next = this.prepared;
			Assert.state(next != null, "No authority is prepared");
			this.old = this.active;
			this.active = next;
			this.prepared = null;
		}
		changed();
	}

	/**
	 * Taint the authority that was active before, so that everything that it has signed
	 * should be replaced. The server replaces its own certificate immediately.
	 */
	public void taint() {
		synchronized (this) {
			X509Authority authority = old();
			Assert.state(!authority.isTainted(), "The old authority is already tainted");
			authority.taint();
			this.sequenceNumber.incrementAndGet();
		}
		// Not under this lock, for which a renewal during a handshake waits
		this.serverCredential.renew();
		changed();
	}

	/**
	 * Revoke the tainted authority that was active before. New connections with an SVID
	 * that it has signed are refused; open ones continue.
	 */
	public void revoke() {
		synchronized (this) {
			X509Authority authority = old();
			Assert.state(authority.isTainted(), "The old authority is not tainted");
			this.trusted.remove(authority);
			this.old = null;
			this.sequenceNumber.incrementAndGet();
		}
		changed();
	}

	private X509Authority old() {
		Assert.state(this.upstream == null, "The authority belongs to an upstream");
		X509Authority authority = this.old;
		Assert.state(authority != null, "No authority was active before");
		return authority;
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

	/**
	 * Add a listener, which is called without a lock whenever what the server publishes
	 * has changed.
	 * @param listener the listener
	 */
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

	synchronized X509Authority active() {
		return this.active;
	}

	/**
	 * Return the authorities in the trust bundle, oldest first.
	 * @return the authorities; with an upstream authority, only that one
	 */
	synchronized List<X509Authority> trusted() {
		return (this.upstream != null) ? List.of(this.upstream) : List.copyOf(this.trusted);
	}

}
