package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides on peers, whichever method a library calls. It extends
 * {@link X509ExtendedTrustManager} so that the JDK does not check the host name.
 */
abstract class SvidTrustManager extends X509ExtendedTrustManager {

	private final TlsIdentity identity;

	private final TlsOptions options;

	private final Clock clock;

	SvidTrustManager(TlsIdentity identity, TlsOptions options, Clock clock) {
		this.identity = identity;
		this.options = options;
		this.clock = clock;
	}

	abstract void decide(Direction direction, X509Certificate @Nullable [] chain, @Nullable String authType,
			EngineOrSocket connection, TlsSnapshot snapshot, KeyedSvid presented) throws CertificateException;

	private void check(Direction direction, X509Certificate @Nullable [] chain, @Nullable String authType,
			EngineOrSocket connection) throws CertificateException {
		try {
			this.options.check(connection.session());
			TlsSnapshot snapshot = this.identity.snapshot();
			KeyedSvid svid = snapshot.svid();
			if (svid == null || !OwnSvid.isUsable(svid, this.clock)) {
				throw new CertificateException(
						"There is no X.509-SVID to connect with: " + OwnSvid.absence(this.identity, svid));
			}
			decide(direction, chain, authType, connection, snapshot, svid);
		}
		catch (CertificateException ex) {
			throw ex;
		}
		// after an error, the JDK would wait for its task forever
		catch (Throwable ex) {
			throw new CertificateException("The peer could not be checked: " + ex.getClass().getName(), ex);
		}
	}

	@Override
	public final void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		check(Direction.INBOUND, chain, authType, EngineOrSocket.UNKNOWN);
	}

	@Override
	public final void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		check(Direction.INBOUND, chain, authType, EngineOrSocket.of(socket));
	}

	@Override
	public final void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		check(Direction.INBOUND, chain, authType, EngineOrSocket.of(engine));
	}

	@Override
	public final void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		check(Direction.OUTBOUND, chain, authType, EngineOrSocket.UNKNOWN);
	}

	@Override
	public final void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		check(Direction.OUTBOUND, chain, authType, EngineOrSocket.of(socket));
	}

	@Override
	public final void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		check(Direction.OUTBOUND, chain, authType, EngineOrSocket.of(engine));
	}

}
