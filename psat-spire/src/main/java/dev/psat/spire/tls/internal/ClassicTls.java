package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.Objects;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.tls.TlsIdentity;

/**
 * TLS that presents the X.509-SVID to servers with a certificate of a classic CA, for
 * clients only. Such connections end once this application has no X.509-SVID any more.
 */
public final class ClassicTls {

	private ClassicTls() {
	}

	public static BundleTls of(TlsIdentity identity, Trust trust, TlsOptions options, Clock clock) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(trust, "'trust' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		Objects.requireNonNull(clock, "'clock' must not be null");
		return new BundleTls(TlsVariant.of(
				TlsVariant.Origin.of(identity, options.withHostNameCheck(), clock, OpenConnections.Timing.USUAL),
				new ClassicManagers(trust)));
	}

	/** Provides what verifies servers, which may change. */
	@FunctionalInterface
	public interface Trust {

		/**
		 * Called for each connection, so it should not block.
		 * @throws CertificateException if there is nothing that verifies servers
		 */
		X509ExtendedTrustManager trustManager() throws CertificateException;

	}

	private record ClassicManagers(Trust trust) implements TlsVariant.Managers {

		@Override
		public KeyManager keyManager(TlsVariant variant, TlsIdentity presented) {
			TlsVariant.Origin origin = variant.origin();
			return new ClientKeyManager(presented, origin.report(), origin.options(), origin.clock());
		}

		@Override
		public TrustManager trustManager(TlsVariant variant, TlsIdentity presented, Registrar registrar,
				boolean shared) {
			TlsVariant.Origin origin = variant.origin();
			return new ServerTrustManager(presented, this.trust, origin.report(), origin.options(), origin.clock(),
					registrar);
		}

	}

}
