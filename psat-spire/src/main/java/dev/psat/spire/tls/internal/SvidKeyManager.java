package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Offers the current X.509-SVID, regardless of the authorities that a peer names, unless
 * it has expired so long ago that no peer would accept it. A server gets it only if its
 * clients need a certificate, or else nothing would decide who may connect; its
 * connection has no further handshake. Each SVID has a unique alias, so that chain and
 * key always belong together. An earlier one is kept until the last handshake that has
 * chosen its alias releases it.
 */
class SvidKeyManager extends X509ExtendedKeyManager {

	private final TlsIdentity identity;

	private final PeerReport report;

	private final TlsOptions options;

	private final Clock clock;

	private final boolean certificatesOptional;

	/** Handshakes hold the alias instance itself, so no alias is created twice. */
	private final Map<String, KeyedSvid> offered = Collections.synchronizedMap(new WeakHashMap<>());

	private @Nullable Offer latest;

	private long offers;

	SvidKeyManager(TlsIdentity identity, PeerReport report, TlsOptions options, Clock clock,
			boolean certificatesOptional) {
		this.options = options;
		this.clock = clock;
		this.identity = identity;
		this.report = report;
		this.certificatesOptional = certificatesOptional;
	}

	@Override
	public final @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable SSLEngine engine) {
		return chooseForClient(keyTypes, issuers, EngineOrSocket.of(engine));
	}

	@Override
	public final @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		return chooseForClient(keyTypes, issuers, EngineOrSocket.of(socket));
	}

	@Override
	public final String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
		return array(chooseForClient(new String[] { keyType }, issuers, EngineOrSocket.UNKNOWN));
	}

	@Override
	public final @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers,
			@Nullable SSLEngine engine) {
		return chooseForServer(keyType, EngineOrSocket.of(engine));
	}

	@Override
	public final @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		return chooseForServer(keyType, EngineOrSocket.of(socket));
	}

	// none unless certificates are optional, since it is unknown what the server asks for
	@Override
	public final String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
		return this.certificatesOptional ? array(choose(this.identity.snapshot().svid(), keyType)) : null;
	}

	@Override
	public final X509Certificate @Nullable [] getCertificateChain(String alias) {
		KeyedSvid svid = this.offered.get(alias);
		return (svid != null) ? svid.svid().chain().toArray(X509Certificate[]::new) : null;
	}

	@Override
	public final @Nullable PrivateKey getPrivateKey(String alias) {
		KeyedSvid svid = this.offered.get(alias);
		return (svid != null) ? svid.privateKey() : null;
	}

	private static String @Nullable [] array(@Nullable String alias) {
		return (alias != null) ? new String[] { alias } : null;
	}

	@Nullable String chooseForClient(String[] keyTypes, Principal @Nullable [] issuers, EngineOrSocket connection) {
		return choose(this.identity.snapshot().svid(), keyTypes);
	}

	/**
	 * Report here if there is none to offer, since the peer only sees the connection end.
	 */
	@Nullable String chooseForServer(String keyType, EngineOrSocket connection) {
		connection.permitNoOtherHandshake();
		SSLSession session = connection.session();
		if (session != null && !this.options.isPermittedProtocol(session)) {
			return null;
		}
		if (!this.certificatesOptional && !connection.needsClientAuth()) {
			this.report.unasked();
			return null;
		}
		KeyedSvid svid = this.identity.snapshot().svid();
		if (!OwnSvid.isUsable(svid, this.clock)) {
			this.report.absent(OwnSvid.absence(this.identity, svid));
		}
		return choose(svid, keyType);
	}

	private @Nullable String choose(@Nullable KeyedSvid svid, String... keyTypes) {
		if (svid == null || !OwnSvid.isUsable(svid, this.clock)
				|| !Arrays.asList(keyTypes).contains(svid.privateKey().getAlgorithm())) {
			return null;
		}
		return aliasOf(svid);
	}

	private synchronized String aliasOf(KeyedSvid svid) {
		Offer offer = this.latest;
		if (offer == null || offer.svid() != svid) {
			offer = new Offer("%d-%d".formatted(svid.generation(), ++this.offers), svid);
			this.offered.put(offer.alias(), svid);
			this.latest = offer;
		}
		return offer.alias();
	}

	private record Offer(String alias, KeyedSvid svid) {

	}

}
