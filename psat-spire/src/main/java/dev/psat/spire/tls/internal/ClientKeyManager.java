package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Offers the current X.509-SVID to a server that can verify it, and serves it to nobody.
 * A server that names the issuers it knows gets it only if one of them has issued the
 * chain, or is an authority of the trust domain: another could only refuse the
 * certificate, or the whole request, and would learn the SPIFFE ID.
 */
final class ClientKeyManager extends X509ExtendedKeyManager {

	private final TlsIdentity identity;

	private final PeerReport report;

	private final SvidKeyManager svids;

	/**
	 * Create a key manager.
	 * @param identity provides the X.509-SVID and the trust bundle
	 * @param report tells of servers that get nothing
	 * @param svids offers the X.509-SVID
	 */
	ClientKeyManager(TlsIdentity identity, PeerReport report, SvidKeyManager svids) {
		this.identity = identity;
		this.report = report;
		this.svids = svids;
	}

	@Override
	public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable SSLEngine engine) {
		return isVerifiableBy(issuers, PeerTrustManager.handshakeSession(engine))
				? this.svids.chooseEngineClientAlias(keyTypes, issuers, engine) : null;
	}

	@Override
	public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		return isVerifiableBy(issuers, PeerTrustManager.handshakeSession(socket))
				? this.svids.chooseClientAlias(keyTypes, issuers, socket) : null;
	}

	@Override
	public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
		return isVerifiableBy(issuers, null) ? this.svids.getClientAliases(keyType, issuers) : null;
	}

	@Override
	public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers,
			@Nullable SSLEngine engine) {
		return null;
	}

	@Override
	public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
		return null;
	}

	@Override
	public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
		return null;
	}

	@Override
	public X509Certificate @Nullable [] getCertificateChain(String alias) {
		return this.svids.getCertificateChain(alias);
	}

	@Override
	public @Nullable PrivateKey getPrivateKey(String alias) {
		return this.svids.getPrivateKey(alias);
	}

	private boolean isVerifiableBy(Principal @Nullable [] issuers, @Nullable SSLSession session) {
		if (issuers == null || issuers.length == 0) {
			return true;
		}
		List<Principal> named = Arrays.asList(issuers);
		TlsSnapshot snapshot = this.identity.snapshot();
		boolean verifiable = Stream.concat(issuersOf(snapshot.svid()), authoritiesOf(snapshot.trustBundle()))
			.anyMatch(named::contains);
		if (!verifiable) {
			this.report.withheld(PeerReport.server(session), issuers.length);
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
