package dev.psat.spire.tls;

/**
 * Provides TLS with the identity of this application. Neither method waits or throws.
 *
 * @since 0.1.0
 */
public interface TlsIdentity {

	/**
	 * Return the current snapshot.
	 * @return the snapshot
	 */
	TlsSnapshot snapshot();

	/**
	 * Return why there is no X.509-SVID, if there is none.
	 * @return a sentence without a full stop
	 */
	String absence();

}
