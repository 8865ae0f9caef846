package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a server if the current trust vouches for it, and its certificate names the
 * host that the client wanted. A client that checks no host name has to say so by an
 * empty algorithm: many leave it to somebody else, and a context that is built from
 * managers begins with none. No client is ever accepted, since no SPIFFE ID would be
 * authorized.
 */
final class ServerTrustManager extends SvidTrustManager {

	private final ClassicTls.Trust trust;

	private final PeerReport report;

	private final OpenConnections.Registrar registrar;

	ServerTrustManager(TlsIdentity identity, ClassicTls.Trust trust, PeerReport report, TlsOptions options, Clock clock,
			OpenConnections.Registrar registrar) {
		super(identity, options, clock);
		this.trust = trust;
		this.report = report;
		this.registrar = registrar;
	}

	@Override
	void decide(Direction direction, X509Certificate @Nullable [] chain, @Nullable String authType,
			EngineOrSocket connection, TlsSnapshot snapshot, KeyedSvid presented) throws CertificateException {
		if (direction == Direction.INBOUND) {
			throw new CertificateException("This SSL bundle verifies servers, and authorizes no client");
		}
		haveHostNameChecked(connection);
		SSLSession session = connection.session();
		try {
			verify(chain, authType, connection);
		}
		catch (CertificateException ex) {
			this.report.untrusted(PeerReport.server(session), String.valueOf(ex.getMessage()));
			throw ex;
		}
		OpenConnection.Handshake handshake = OpenConnection.Handshake.withServer(presented);
		ConnectionJudge.Verdict verdict = this.registrar.register(handshake, connection.get(), session);
		if (verdict != null) {
			throw new CertificateException(verdict.reason());
		}
		this.report.accepted(handshake, null);
	}

	private static void haveHostNameChecked(EngineOrSocket connection) throws CertificateException {
		boolean connected = connection.socket() == null || connection.socket().isConnected();
		if (connected && isUndecided(connection)) {
			connection
				.change((parameters) -> parameters.setEndpointIdentificationAlgorithm(TlsOptions.HOST_NAME_CHECK));
		}
		// a library may ignore what is set during the handshake
		if (!connected || isUndecided(connection)) {
			throw new CertificateException(
					"The host name of the server cannot be checked, since the library does not say to whom it connects");
		}
	}

	private static boolean isUndecided(EngineOrSocket connection) {
		SSLParameters parameters = connection.parameters();
		return parameters == null || parameters.getEndpointIdentificationAlgorithm() == null;
	}

	private void verify(X509Certificate @Nullable [] chain, @Nullable String authType, EngineOrSocket connection)
			throws CertificateException {
		try {
			X509ExtendedTrustManager trustManager = this.trust.trustManager();
			if (connection.engine() != null) {
				trustManager.checkServerTrusted(chain, authType, connection.engine());
			}
			else {
				trustManager.checkServerTrusted(chain, authType, connection.socket());
			}
		}
		catch (CertificateException ex) {
			throw ex;
		}
		// untrusted input can make a provider fail in any way
		catch (Throwable ex) {
			throw new CertificateException("The certificate could not be verified: " + ex.getClass().getName(), ex);
		}
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

}
