package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.util.Objects;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import dev.psat.spire.tls.TlsIdentity;

/**
 * TLS that presents the X.509-SVID to servers with a certificate of a classic CA, for
 * clients alone.
 *
 * @since 0.1.0
 */
public final class ClassicTls {

	private ClassicTls() {
	}

	/**
	 * Create managers and a context for an identity. Connections verify the server's host
	 * name unless their client says otherwise.
	 * @param identity the identity
	 * @param trust provides what verifies servers
	 * @param options limit each connection
	 * @param clock the clock
	 * @return a new instance, whose connections end once this application has no
	 * X.509-SVID any more
	 */
	public static BundleTls of(TlsIdentity identity, ServerTrust trust, TlsOptions options, Clock clock) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(trust, "'trust' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		Objects.requireNonNull(clock, "'clock' must not be null");
		return new BundleTls(TlsVariant.of(
				TlsVariant.Origin.of(identity, options.withHostNameCheck(), clock, OpenConnections.Timing.USUAL),
				new ClassicManagers(trust)));
	}

	/**
	 * Makes managers that verify servers by their host names.
	 */
	private record ClassicManagers(ServerTrust trust) implements TlsVariant.Managers {

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
