package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a server if the current trust vouches for it, and its certificate names the
 * host that the client wanted. A client that checks no host name has to say so by an
 * empty algorithm: many leave it to somebody else, and a context that is built from
 * managers begins with none. No client is ever accepted, since no SPIFFE ID would be
 * authorized.
 */
final class ServerTrustManager extends X509ExtendedTrustManager {

	private final TlsIdentity identity;

	private final ServerTrust trust;

	private final PeerReport report;

	private final TlsOptions options;

	private final Clock clock;

	private final Registrar registrar;

	/**
	 * Create a trust manager.
	 * @param identity tells whether there is an X.509-SVID, since nobody connects as
	 * nobody
	 * @param trust provides what verifies servers
	 * @param report counts and logs every server
	 * @param options limit each connection
	 * @param clock the clock
	 * @param registrar registers each connection
	 */
	ServerTrustManager(TlsIdentity identity, ServerTrust trust, PeerReport report, TlsOptions options, Clock clock,
			Registrar registrar) {
		this.identity = identity;
		this.trust = trust;
		this.report = report;
		this.options = options;
		this.clock = clock;
		this.registrar = registrar;
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		throw notForServers();
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		throw notForServers();
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		throw notForServers();
	}

	/**
	 * Accept no server, since its host name cannot be checked.
	 */
	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		throw withoutHostName();
	}

	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		// the JDK checks the host name of no other
		if (!(socket instanceof SSLSocket sslSocket) || !sslSocket.isConnected()) {
			throw withoutHostName();
		}
		decide(() -> {
			SSLSession session = sslSocket.getHandshakeSession();
			KeyedSvid svid = begin(session);
			if (isUndecided(sslSocket.getSSLParameters())) {
				sslSocket.setSSLParameters(checkingHostName(sslSocket.getSSLParameters()));
			}
			check(session, sslSocket.getSSLParameters(),
					() -> this.trust.trustManager().checkServerTrusted(chain, authType, sslSocket));
			accept(svid, sslSocket, session);
		});
	}

	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		if (engine == null) {
			throw withoutHostName();
		}
		decide(() -> {
			SSLSession session = engine.getHandshakeSession();
			KeyedSvid svid = begin(session);
			if (isUndecided(engine.getSSLParameters())) {
				engine.setSSLParameters(checkingHostName(engine.getSSLParameters()));
			}
			check(session, engine.getSSLParameters(),
					() -> this.trust.trustManager().checkServerTrusted(chain, authType, engine));
			accept(svid, engine, session);
		});
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		try {
			return this.trust.trustManager().getAcceptedIssuers();
		}
		catch (CertificateException ex) {
			return new X509Certificate[0];
		}
	}

	private static void decide(Verification decision) throws CertificateException {
		try {
			decision.run();
		}
		catch (CertificateException ex) {
			throw ex;
		}
		// after an error, the JDK would wait for its task forever
		catch (Throwable ex) {
			throw new CertificateException("The server could not be checked: " + ex.getClass().getName(), ex);
		}
	}

	private KeyedSvid begin(@Nullable SSLSession session) throws CertificateException {
		this.options.check(session);
		KeyedSvid svid = this.identity.snapshot().svid();
		if (svid == null || !OwnSvid.isUsable(svid, this.clock)) {
			throw new CertificateException(
					"There is no X.509-SVID to connect with: " + OwnSvid.absence(this.identity, svid));
		}
		return svid;
	}

	private void accept(KeyedSvid svid, Object connection, @Nullable SSLSession session) throws CertificateException {
		OpenConnection.Handshake handshake = OpenConnection.Handshake.withServer(svid);
		Ending ending = this.registrar.register(handshake, connection, session);
		if (ending != null) {
			throw new CertificateException(ending.reason());
		}
		this.report.accepted(handshake, null);
	}

	private static boolean isUndecided(SSLParameters parameters) {
		return parameters.getEndpointIdentificationAlgorithm() == null;
	}

	private static SSLParameters checkingHostName(SSLParameters parameters) {
		parameters.setEndpointIdentificationAlgorithm(TlsOptions.HOST_NAME_CHECK);
		return parameters;
	}

	private void check(@Nullable SSLSession session, SSLParameters parameters, Verification verification)
			throws CertificateException {
		// a library may ignore what is set during the handshake
		if (isUndecided(parameters)) {
			throw withoutHostName();
		}
		try {
			verification.run();
		}
		catch (CertificateException ex) {
			refused(session, String.valueOf(ex.getMessage()));
			throw ex;
		}
		// untrusted input can make a provider fail in any way
		catch (Throwable ex) {
			String problem = "The certificate could not be verified: " + ex.getClass().getName();
			refused(session, problem);
			throw new CertificateException(problem, ex);
		}
	}

	private void refused(@Nullable SSLSession session, String problem) {
		this.report.untrusted(PeerReport.server(session), problem);
	}

	private static CertificateException notForServers() {
		return new CertificateException("This SSL bundle verifies servers, and authorizes no client");
	}

	private static CertificateException withoutHostName() {
		return new CertificateException(
				"The host name of the server cannot be checked, since the library does not say to whom it connects");
	}

	/**
	 * Verifies a server, or part of that.
	 */
	private interface Verification {

		void run() throws CertificateException;

	}

}
