package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.util.Objects;

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
		PeerReport report = new PeerReport(clock);
		TlsOptions checked = options.withHostNameCheck();
		return new BundleTls(identity, report, checked,
				(presented) -> new ClientKeyManager(presented, report, checked, clock),
				(presented, registrar, shared) -> new ServerTrustManager(presented, trust, report, checked, clock,
						registrar),
				new Registrar(new OpenConnections(identity, report, clock, OpenConnections.Timing.USUAL), true,
						ConnectionEnd.NONE));
	}

}
