package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The JWT authority of the simulated server. It is rotated as by the commands
 * {@code localauthority jwt}: {@link #prepare()}, {@link #activate()}, {@link #taint()},
 * {@link #revoke()}. The transcripts {@code federation/partner-bundle-*} prove the effect
 * on the trust bundle. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#jwtAuthority()
 */
public final class SimulatedJwtAuthority {

	private final AuthorityRotation<JwtAuthority> rotation;

	private final AtomicLong sequenceNumber;

	private final Runnable changed;

	SimulatedJwtAuthority(Clock clock, Duration ttl, @Nullable String keyId, AtomicLong sequenceNumber,
			Runnable changed) {
		JwtAuthority first = new JwtAuthority(clock.instant().plus(ttl),
				(keyId != null) ? keyId : JwtAuthority.newKeyId());
		this.rotation = new AuthorityRotation<>(first,
				() -> new JwtAuthority(clock.instant().plus(ttl), JwtAuthority.newKeyId()));
		this.sequenceNumber = sequenceNumber;
		this.changed = changed;
	}

	/**
	 * Prepare a new authority. It is added to the trust bundle, but does not sign
	 * anything yet.
	 */
	public void prepare() {
		this.rotation.prepare();
		changeTrustBundle();
	}

	/**
	 * Activate the prepared authority, which signs from now on.
	 */
	public void activate() {
		this.rotation.activate();
	}

	/**
	 * Taint the authority that was active before, so that everything that it has signed
	 * should be replaced.
	 */
	public void taint() {
		this.rotation.taint();
		changeTrustBundle();
	}

	/**
	 * Revoke the tainted authority that was active before.
	 */
	public void revoke() {
		this.rotation.revoke();
		changeTrustBundle();
	}

	/**
	 * Prepare and activate a new authority, like the automatic rotation during the
	 * lifetime of an authority.
	 */
	public void rotate() {
		prepare();
		activate();
	}

	private void changeTrustBundle() {
		this.sequenceNumber.incrementAndGet();
		this.changed.run();
	}

	JwtAuthority active() {
		return this.rotation.active();
	}

	List<JwtAuthority> trusted() {
		return this.rotation.trusted();
	}

}
