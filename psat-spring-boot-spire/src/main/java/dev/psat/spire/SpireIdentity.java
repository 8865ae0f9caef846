package dev.psat.spire;

import dev.psat.PsatAttestor;
import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.X509Svid;

/**
 * Who this application is to others: what the SPIRE Server gives in return for the
 * attestation payload. The X.509-SVID is replaced long before it expires, so ask for it
 * whenever you need it. All methods can be called by any thread.
 * <p>
 * A bean of this type of your own takes the place of ours; {@link #builder(PsatAttestor)}
 * makes one in plain Java.
 *
 * @since 0.1.0
 */
public interface SpireIdentity extends AutoCloseable {

	/**
	 * Begin to build an identity.
	 * @param attestor makes the payloads
	 * @return the builder
	 */
	static SpireIdentityBuilder builder(PsatAttestor attestor) {
		return new SpireIdentityBuilder(attestor);
	}

	/**
	 * Return the X.509-SVID in force. Never waits.
	 * @return the X.509-SVID
	 * @throws SvidUnavailableException if there is none in force
	 */
	X509Svid x509Svid();

	/**
	 * Return a JWT-SVID for some audiences. One that was issued before is returned until
	 * half of its life is over, and while another is being or cannot be obtained as long
	 * as it is valid and its registration entry has not changed. Waits for the server,
	 * and after the start for the first X.509-SVID, 30 seconds at most in all (3 seconds
	 * while there is one to return instead), or until the thread is interrupted.
	 * @param audience the audience
	 * @param more further audiences
	 * @return the JWT-SVID
	 * @throws SvidUnavailableException if there is none
	 */
	JwtSvid jwtSvid(String audience, String... more);

	/**
	 * Return the trust bundle of the moment. Never waits.
	 * @return the trust bundle
	 * @throws SvidUnavailableException if there is none yet
	 */
	TrustBundle trustBundle();

	/**
	 * Return what may be shown. Never waits.
	 * @return the status at this instant
	 */
	SpireStatus status();

	/**
	 * Tell an observer of what happens from now on, beginning with the present status if
	 * the first attestation has been tried. An identity of your own that cannot tell
	 * ignores the call.
	 * @param observer the observer
	 */
	default void addObserver(SpireObserver observer) {
	}

	/**
	 * Stop telling an observer. A call of it that has begun goes on.
	 * @param observer the observer, as it was added
	 */
	default void removeObserver(SpireObserver observer) {
	}

	/**
	 * Begin to visit the server, without waiting for it. Does nothing if that has begun.
	 * @throws IllegalStateException if the identity is closed
	 */
	default void start() {
	}

	/**
	 * End the visits. Waits one second at most for the one under way. The SVID in memory
	 * goes on to be served while it is in force.
	 */
	default void stop() {
	}

	/**
	 * End for good. Does nothing if the identity is closed already.
	 */
	@Override
	default void close() {
	}

}
