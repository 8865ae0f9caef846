package dev.psat.tlstests;

/**
 * A client whose certificate, TLS version and request are all specified.
 */
public interface Caller {

	/**
	 * Connect once.
	 * @param knock the target and the request
	 * @param version the only TLS version to use
	 * @param credential the credential to present
	 * @return how the client was received
	 */
	Reception call(Knock knock, TlsVersion version, Credential credential);

}
