package dev.psat.spire.tls;

/**
 * Where TLS learns who we are. Neither method waits or throws.
 *
 * @since 0.1.0
 */
public interface TlsIdentity {

	/**
	 * Return what is valid now.
	 * @return the snapshot
	 */
	TlsSnapshot snapshot();

	/**
	 * Return why there is no X.509-SVID, if there is none.
	 * @return a sentence without its full stop
	 */
	String absence();

}
