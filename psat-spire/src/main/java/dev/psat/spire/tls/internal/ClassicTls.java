package dev.psat.spire.tls.internal;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * TLS that presents the X.509-SVID to servers with a certificate of a classic CA, for
 * clients only. Such connections end once this application has no X.509-SVID any more.
 */
public final class ClassicTls {

	private ClassicTls() {
	}

	public static BundleTls of(TlsIdentity identity, Trust trust, TlsOptions options) {
		return of(identity, trust, options, Time.ofSystem());
	}

	static BundleTls of(TlsIdentity identity, Trust trust, TlsOptions options, Time time) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(trust, "'trust' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		return new BundleTls(TlsVariant.of(
				TlsVariant.Origin.of(identity, options.withHostNameCheck(), time, OpenConnections.Timing.USUAL),
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
		public TrustManager trustManager(TlsVariant variant, TlsIdentity presented, OpenConnections.Registrar registrar,
				boolean shared) {
			TlsVariant.Origin origin = variant.origin();
			return new ServerTrustManager(presented, this.trust, origin.report(), origin.options(), origin.clock(),
					registrar);
		}

	}

	/**
	 * Offers the current X.509-SVID to a server that can verify it, and serves it to
	 * nobody. A server that names the issuers it knows gets it only if one of them has
	 * issued the chain, or is an authority of the trust domain: another could only refuse
	 * the certificate, or the whole request, and would learn the SPIFFE ID.
	 */
	static final class ClientKeyManager extends SvidKeyManager {

		private final TlsIdentity identity;

		private final PeerReport report;

		ClientKeyManager(TlsIdentity identity, PeerReport report, TlsOptions options, Clock clock) {
			super(identity, report, options, clock, false);
			this.identity = identity;
			this.report = report;
		}

		@Override
		@Nullable String chooseForClient(String[] keyTypes, Principal @Nullable [] issuers, EngineOrSocket connection) {
			return isVerifiableBy(issuers, connection) ? super.chooseForClient(keyTypes, issuers, connection) : null;
		}

		@Override
		@Nullable String chooseForServer(String keyType, EngineOrSocket connection) {
			return null;
		}

		private boolean isVerifiableBy(Principal @Nullable [] issuers, EngineOrSocket connection) {
			if (issuers == null || issuers.length == 0) {
				return true;
			}
			List<Principal> named = Arrays.asList(issuers);
			TlsSnapshot snapshot = this.identity.snapshot();
			boolean verifiable = Stream.concat(issuersOf(snapshot.svid()), authoritiesOf(snapshot.trustBundle()))
				.anyMatch(named::contains);
			if (!verifiable) {
				this.report.withheld(PeerReport.server(connection.session()), issuers.length);
			}
			return verifiable;
		}

		private static Stream<X500Principal> issuersOf(@Nullable KeyedSvid svid) {
			return Stream.ofNullable(svid)
				.flatMap((present) -> present.svid().chain().stream())
				.map(X509Certificate::getIssuerX500Principal);
		}

		private static Stream<X500Principal> authoritiesOf(@Nullable TrustBundle trustBundle) {
			return Stream.ofNullable(trustBundle)
				.flatMap((present) -> present.x509Authorities().stream())
				.map((authority) -> authority.certificate().getSubjectX500Principal());
		}

	}

}
