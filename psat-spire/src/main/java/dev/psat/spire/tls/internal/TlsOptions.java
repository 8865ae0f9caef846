package dev.psat.spire.tls.internal;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * The cipher suites and protocols to which connections are limited, empty for those of
 * the JDK, and whether clients check host names unless they decide otherwise.
 */
public record TlsOptions(List<String> ciphers, List<String> enabledProtocols, boolean checksHostName) {

	public static final TlsOptions NONE = new TlsOptions(List.of(), List.of(), false);

	/** The check of the host name as HTTPS does it, which is that of all others, too. */
	static final String HOST_NAME_CHECK = "HTTPS";

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	public TlsOptions {
		ciphers = List.copyOf(ciphers);
		enabledProtocols = List.copyOf(enabledProtocols);
	}

	/**
	 * Create options that the JDK can fulfill.
	 * @throws IllegalArgumentException if the JDK does not have one of them, or could not
	 * begin any handshake with them
	 */
	public static TlsOptions of(Collection<String> ciphers, Collection<String> enabledProtocols) {
		Objects.requireNonNull(ciphers, "'ciphers' must not be null");
		Objects.requireNonNull(enabledProtocols, "'enabledProtocols' must not be null");
		TlsOptions options = new TlsOptions(List.copyOf(ciphers), List.copyOf(enabledProtocols), false);
		if (!options.isEmpty()) {
			options.checkProtocols();
			options.checkCiphers();
		}
		return options;
	}

	TlsOptions withHostNameCheck() {
		return new TlsOptions(this.ciphers, this.enabledProtocols, true);
	}

	private void checkProtocols() {
		for (String protocol : this.enabledProtocols) {
			if (!PROTOCOLS.contains(protocol)) {
				throw new IllegalArgumentException(
						"'%s' is not a protocol, or not a secure one: only 'TLSv1.2' and 'TLSv1.3' are"
							.formatted(protocol));
			}
		}
	}

	private void checkCiphers() {
		try {
			SSLEngine engine = SSLContext.getDefault().createSSLEngine();
			List<String> supported = Arrays.asList(engine.getSupportedCipherSuites());
			for (String cipher : this.ciphers) {
				if (!supported.contains(cipher)) {
					throw new IllegalArgumentException(
							"'%s' is not a cipher suite of this Java platform".formatted(cipher));
				}
			}
			engine.setUseClientMode(true);
			applyTo(engine);
			engine.beginHandshake();
		}
		catch (SSLException ex) {
			throw new IllegalArgumentException("No handshake is possible with these cipher suites and protocols", ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has TLS", ex);
		}
	}

	boolean isEmpty() {
		return this.ciphers.isEmpty() && this.enabledProtocols.isEmpty() && !this.checksHostName;
	}

	SSLEngine applyTo(SSLEngine engine) {
		if (!isEmpty()) {
			engine.setSSLParameters(applyTo(engine.getSSLParameters()));
		}
		return engine;
	}

	SSLParameters applyTo(SSLParameters parameters) {
		if (!this.ciphers.isEmpty()) {
			parameters.setCipherSuites(this.ciphers.toArray(String[]::new));
		}
		if (!this.enabledProtocols.isEmpty()) {
			parameters.setProtocols(this.enabledProtocols.toArray(String[]::new));
		}
		if (this.checksHostName) {
			parameters.setEndpointIdentificationAlgorithm(HOST_NAME_CHECK);
		}
		return parameters;
	}

	// since a library may have set other limits
	void check(@Nullable SSLSession session) throws CertificateException {
		if (session != null && !isPermitted(session)) {
			throw new CertificateException("%s with %s is not permitted by the options of the SSL bundle"
				.formatted(session.getProtocol(), session.getCipherSuite()));
		}
	}

	private boolean isPermitted(SSLSession session) {
		return isPermittedProtocol(session)
				&& (this.ciphers.isEmpty() || this.ciphers.contains(session.getCipherSuite()));
	}

	// the cipher suite may not be known yet
	boolean isPermittedProtocol(SSLSession session) {
		return this.enabledProtocols.isEmpty() || this.enabledProtocols.contains(session.getProtocol());
	}

}
