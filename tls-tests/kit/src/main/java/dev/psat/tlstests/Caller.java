package dev.psat.tlstests;

/**
 * A client that is told everything: certificate, version of TLS, what to say.
 */
public interface Caller {

	/**
	 * Connect once.
	 * @param knock where, and what to say
	 * @param version the only version of TLS to speak
	 * @param credential what to show
	 * @return how it was received
	 */
	Reception call(Knock knock, TlsVersion version, Credential credential);

}
