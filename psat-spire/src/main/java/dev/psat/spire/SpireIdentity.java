package dev.psat.spire;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;

/**
 * The SPIFFE identity of this application, wherever its SVIDs come from. The X.509-SVID
 * is replaced long before it expires, so obtain it each time you need it. An identity
 * that was neither started nor stopped starts when an SVID or the trust bundle is first
 * asked for, or a connection is first made with its SSL bundle. Implementations are safe
 * for use by multiple threads.
 * <p>
 * A bean of this type replaces the auto-configured one. To create an identity in plain
 * Java, use {@code dev.psat.spire.server.SpireServerIdentity}.
 *
 * @since 0.1.0
 */
public interface SpireIdentity extends AutoCloseable {

	/**
	 * Return the X.509-SVID in force. This method never waits.
	 * @return the X.509-SVID
	 * @throws SvidUnavailableException if there is none in force
	 */
	X509Svid x509Svid();

	/**
	 * Return a JWT-SVID for one or more audiences. A JWT-SVID is reused for the first
	 * half of its lifetime. After that, it is still returned while its replacement is
	 * being obtained or cannot be obtained, as long as it is valid and its registration
	 * entry has not changed. This method waits for the server, and after the start for
	 * the first X.509-SVID, at most 30 seconds in total (3 seconds if there is a JWT-SVID
	 * to fall back to), or until the thread is interrupted. A refusal of the server
	 * answers further calls for one second, doubled with each further refusal up to 30
	 * seconds, unless anything succeeds in the meantime.
	 * @param audience the audience
	 * @param more further audiences
	 * @return the JWT-SVID
	 * @throws SvidUnavailableException if there is none
	 */
	JwtSvid jwtSvid(String audience, String... more);

	/**
	 * Return the current trust bundle. This method never waits.
	 * @return the trust bundle. That of an agent has JWT authorities only as long as an
	 * X.509-SVID is in force, since they never expire
	 * @throws SvidUnavailableException if there is none yet
	 */
	TrustBundle trustBundle();

	/**
	 * Return the current trust bundle of a trust domain: the own one, or one with which
	 * this application federates. SVIDs are verified with the trust bundle of their own
	 * trust domain only, so bundles are never merged. This method never waits. The
	 * default implementation only knows the own trust domain.
	 * @param trustDomain the trust domain
	 * @return the trust bundle
	 * @throws SvidUnavailableException if there is none, or the trust domain is not
	 * trusted, with a message that says why
	 */
	default TrustBundle trustBundle(TrustDomain trustDomain) {
		TrustBundle own = trustBundle();
		if (!own.trustDomain().equals(trustDomain)) {
			throw new SvidUnavailableException("The trust domain '%s' is not trusted".formatted(trustDomain),
					status().state(), "This identity only trusts '%s'.".formatted(own.trustDomain()));
		}
		return own;
	}

	/**
	 * Return the status of the identity. This method never waits.
	 * @return the status at this instant
	 */
	SpireStatus status();

	/**
	 * Add an observer. It is notified of everything that happens from now on, starting
	 * with the current status if the first attestation has been attempted. The default
	 * implementation does nothing.
	 * @param observer the observer
	 */
	default void addObserver(SpireObserver observer) {
	}

	/**
	 * Remove an observer. A call in progress continues.
	 * @param observer the observer, as it was added
	 */
	default void removeObserver(SpireObserver observer) {
	}

	/**
	 * Start to visit the server, without waiting for the first visit. Does nothing if the
	 * identity is already started.
	 * @throws IllegalStateException if the identity is closed
	 */
	default void start() {
	}

	/**
	 * Stop visiting the server. Waits a few seconds at most for a visit in progress, and
	 * for what hangs in it. The SVID in memory continues to be served while it is in
	 * force.
	 */
	default void stop() {
	}

	/** Close the identity permanently. Does nothing if it is already closed. */
	@Override
	default void close() {
	}

}
