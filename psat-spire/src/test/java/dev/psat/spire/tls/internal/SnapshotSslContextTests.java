package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link SnapshotSslContext} and {@link SvidTls}.
 */
class SnapshotSslContextTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BANK = "spiffe://example.org/bank";

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final MutableIdentity orders = MutableIdentity.of(ROOT, ORDERS);

	private final MutableIdentity bank = MutableIdentity.of(ROOT, BANK);

	private final SvidTls client = SvidTls.of(this.orders, ANYBODY, TlsOptions.NONE, Time.ofSystem());

	private final SvidTls server = SvidTls.of(this.bank, ANYBODY, TlsOptions.NONE, Time.ofSystem());

	/**
	 * What the next test rules out does happen with a context that stays.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void contextThatStaysIsResumed(String protocol) throws Exception {
		SSLContext clients = staying(this.client);
		SSLContext servers = staying(this.server);
		for (int i = 0; i < 3; i++) {
			EngineHandshake.begin(clients, servers, protocol).end();
		}
		assertChecks(1, 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void noEngineResumesAnything(String protocol) throws Exception {
		Set<String> sessions = new LinkedHashSet<>();
		for (int i = 0; i < 3; i++) {
			EngineHandshake handshake = EngineHandshake
				.begin(this.client.tls().context(), this.server.tls().context(), protocol)
				.end();
			assertThat(handshake.server().getSession().getProtocol()).isEqualTo(protocol);
			sessions.add(HexFormat.of().formatHex(handshake.client().getSession().getId()) + i);
			assertThat(handshake.client().getSession().getPeerCertificates()).hasSize(1);
		}
		assertThat(sessions).hasSize(3);
		assertChecks(3, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void noEngineWithoutAHostResumesAnything(String protocol) throws Exception {
		for (int i = 0; i < 3; i++) {
			EngineHandshake
				.begin(this.client.tls().context().createSSLEngine(),
						this.server.tls().context().createSSLEngine("client", 1), protocol)
				.end();
		}
		assertChecks(3, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientThatKeepsSessionsIsCheckedAnew(String protocol) throws Exception {
		SSLContext keeping = staying(this.client);
		for (int i = 0; i < 3; i++) {
			EngineHandshake.begin(keeping, this.server.tls().context(), protocol).end();
		}
		assertChecks(3, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverThatKeepsSessionsIsCheckedAnew(String protocol) throws Exception {
		SSLContext keeping = staying(this.server);
		for (int i = 0; i < 3; i++) {
			EngineHandshake.begin(this.client.tls().context(), keeping, protocol).end();
		}
		assertChecks(3, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void noSocketResumesAnything(String protocol) throws Exception {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		SSLSocketFactory factory = this.client.tls().context().getSocketFactory();
		try (Loopback server = Loopback.ofLayeredSockets(this.server.tls().context(), protocol)) {
			List<Opener> openers = List.of(() -> factory.createSocket(loopback, server.port()),
					() -> factory.createSocket("localhost", server.port()),
					() -> factory.createSocket(loopback, server.port(), loopback, 0),
					() -> factory.createSocket("localhost", server.port(), loopback, 0), () -> {
						Socket socket = factory.createSocket();
						socket.connect(new InetSocketAddress(loopback, server.port()));
						return socket;
					},
					() -> factory.createSocket(new Socket(loopback, server.port()), "localhost", server.port(), true));
			int connections = 0;
			for (Opener opener : openers) {
				for (int i = 0; i < 2; i++) {
					Loopback.call(opener.open());
					connections++;
				}
			}
			assertThat(server.failures()).isEmpty();
			assertChecks(connections, connections);
		}
	}

	/**
	 * It cannot make a context for each connection, so it ends each session.
	 */
	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void serverSocketResumesNothingEither(String protocol, boolean keeping) throws Exception {
		SSLSocketFactory factory = (keeping ? staying(this.client) : this.client.tls().context()).getSocketFactory();
		try (Loopback server = Loopback.ofServerSocket(this.server.tls().context(), protocol)) {
			for (int i = 0; i < 3; i++) {
				Loopback.call(factory.createSocket("localhost", server.port()));
			}
			assertThat(server.failures()).isEmpty();
			assertChecks(3, 3);
			this.bank.trust(new SvidMint("root").bundle());
			assertThatIOException().isThrownBy(() -> Loopback.call(factory.createSocket("localhost", server.port())));
			assertChecks(4, 3);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverSocketPresentsANewSvidAtOnce(String protocol) throws Exception {
		try (Loopback server = Loopback.ofServerSocket(this.server.tls().context(), protocol)) {
			for (int serialNumber = 1; serialNumber < 4; serialNumber++) {
				this.bank.rotate(ROOT.order(BANK).serialNumber(serialNumber).mint());
				SSLSocket socket = (SSLSocket) this.client.tls()
					.context()
					.getSocketFactory()
					.createSocket("localhost", server.port());
				socket.startHandshake();
				assertThat(((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber())
					.isEqualTo(serialNumber);
				Loopback.call(socket);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void newSvidIsPresentedByTheNextHandshakeOfEitherEnd(String protocol) throws Exception {
		for (int serialNumber = 1; serialNumber < 4; serialNumber++) {
			this.orders.rotate(ROOT.order(ORDERS).serialNumber(serialNumber).mint());
			this.bank.rotate(ROOT.order(BANK).serialNumber(10 + serialNumber).mint());
			EngineHandshake handshake = handshake(protocol).end();
			assertSerialNumbers(handshake, serialNumber, 10 + serialNumber);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void handshakeThatHasBegunBeforeARotationEndsWithTheSvidItHasBegunWith(String protocol) throws Exception {
		this.orders.rotate(ROOT.order(ORDERS).serialNumber(1).mint());
		this.bank.rotate(ROOT.order(BANK).serialNumber(2).mint());
		EngineHandshake begun = handshake(protocol);
		SvidMint next = new SvidMint("next");
		for (int i = 0; i < 3; i++) {
			this.orders.become(next.order(ORDERS).serialNumber(3).mint(), SvidMint.bundle(ROOT, next));
			this.bank.become(next.order(BANK).serialNumber(4).mint(), SvidMint.bundle(ROOT, next));
			System.gc();
		}
		assertSerialNumbers(begun.end(), 1, 2);
		assertSerialNumbers(handshake(protocol).end(), 3, 4);
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void authorityThatIsRevokedDuringAHandshakeIsRefused(String protocol, boolean byServer) {
		EngineHandshake begun = handshake(protocol);
		(byServer ? this.bank : this.orders).trust(new SvidMint("next").bundle());
		assertRefused(begun, "does not chain to an authority of the trust bundle");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void authorityThatIsNewDuringAHandshakeIsAccepted(String protocol) throws Exception {
		SvidMint next = new SvidMint("next");
		this.bank.become(next.mint(BANK), ROOT.bundle());
		EngineHandshake begun = handshake(protocol);
		this.orders.trust(SvidMint.bundle(ROOT, next));
		begun.end();
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void policyThatChangesDuringAHandshakeIsAsked(String protocol, boolean byServer) {
		AtomicBoolean authorized = new AtomicBoolean(true);
		SvidTls picky = (byServer ? this.server : this.client).with(PeerPolicies.of((peer) -> authorized.get()));
		EngineHandshake begun = byServer
				? EngineHandshake.begin(this.client.tls().context(), picky.tls().context(), protocol)
				: EngineHandshake.begin(picky.tls().context(), this.server.tls().context(), protocol);
		authorized.set(false);
		assertRefused(begun, "is not authorized by the application's own policy");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void revokedAuthorityIsRefusedAtTheNextConnectionByEitherEnd(String protocol) throws Exception {
		handshake(protocol).end();
		SvidMint next = new SvidMint("next");
		this.bank.trust(next.bundle());
		assertRefused(handshake(protocol), "does not chain to an authority of the trust bundle");
		assertThat(count(this.server, Direction.INBOUND, HandshakeOutcome.UNTRUSTED)).isOne();
		this.bank.trust(SvidMint.bundle(ROOT, next));
		handshake(protocol).end();
		this.orders.trust(next.bundle());
		assertRefused(handshake(protocol), "does not chain to an authority of the trust bundle");
		assertThat(count(this.client, Direction.OUTBOUND, HandshakeOutcome.UNTRUSTED)).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void peerThatIsNotAuthorizedIsRefusedByEitherEnd(String protocol, boolean byServer) {
		SvidTls picky = (byServer ? this.server : this.client)
			.with(PeerPolicies.of((peer) -> peer.toString().endsWith("/nobody")));
		EngineHandshake handshake = byServer
				? EngineHandshake.begin(this.client.tls().context(), picky.tls().context(), protocol)
				: EngineHandshake.begin(picky.tls().context(), this.server.tls().context(), protocol);
		assertRefused(handshake,
				"The peer %s is not authorized by the application's own policy".formatted(byServer ? ORDERS : BANK));
		assertThat(count(picky, byServer ? Direction.INBOUND : Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED))
			.isOne();
	}

	@ParameterizedTest
	@EnumSource
	void anyTypeOfKeyIsServed(KeyType keyType) throws Exception {
		Minted minted = ROOT.intermediate("inner").order(BANK).keyType(keyType).mint();
		this.bank.rotate(minted);
		this.orders.rotate(ROOT.intermediate("inner").order(ORDERS).keyType(keyType).mint());
		for (String protocol : new String[] { "TLSv1.2", "TLSv1.3" }) {
			EngineHandshake handshake = handshake(protocol).end();
			assertThat(handshake.client().getSession().getPeerCertificates()).containsExactlyElementsOf(minted.chain());
			assertThat(handshake.server().getSession().getPeerCertificates()).hasSize(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void withoutAnSvidNeitherEndConnects(String protocol) throws Exception {
		TlsSnapshot before = this.orders.snapshot();
		this.orders.become(TlsSnapshot.EMPTY);
		assertRefused(handshake(protocol), "There is no X.509-SVID to connect with: " + MutableIdentity.ABSENCE);
		this.orders.become(before);
		this.bank.become(TlsSnapshot.EMPTY);
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake(protocol)::end);
		this.bank.become(ROOT.mint(BANK), ROOT.bundle());
		handshake(protocol).end();
	}

	@Test
	void hostNamesDoNotMatter() throws Exception {
		EngineHandshake handshake = handshake("TLSv1.3");
		var parameters = handshake.client().getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		handshake.client().setSSLParameters(parameters);
		handshake.end();
	}

	@Test
	void contextAndSocketFactoryAreAlwaysTheSame() {
		SSLContext context = this.client.tls().context();
		assertThat(this.client.tls().context()).isSameAs(context);
		assertThat(context.getSocketFactory()).isSameAs(this.client.tls().context().getSocketFactory());
		assertThat(this.client.tls().keyManagerFactory()).isSameAs(this.client.tls().keyManagerFactory());
		assertThat(this.client.tls().trustManagerFactory()).isSameAs(this.client.tls().trustManagerFactory());
	}

	@Test
	void contextTellsWhatTheOneOfTheJdkTells() throws Exception {
		SSLContext context = this.client.tls().context();
		SSLContext jdk = SSLContext.getInstance("TLS");
		jdk.init(null, null, null);
		assertThat(context.getProtocol()).isEqualTo(jdk.getProtocol());
		assertThat(context.getProvider()).isSameAs(jdk.getProvider());
		assertThat(context.getDefaultSSLParameters().getProtocols())
			.isEqualTo(jdk.getDefaultSSLParameters().getProtocols());
		assertThat(context.getSupportedSSLParameters().getCipherSuites())
			.isEqualTo(jdk.getSupportedSSLParameters().getCipherSuites());
		assertThat(context.getSocketFactory().getDefaultCipherSuites())
			.isEqualTo(jdk.getSocketFactory().getDefaultCipherSuites());
		assertThat(context.getSocketFactory().getSupportedCipherSuites())
			.isEqualTo(jdk.getSocketFactory().getSupportedCipherSuites());
		assertThat(context.getServerSessionContext().getSessionTimeout())
			.isEqualTo(jdk.getServerSessionContext().getSessionTimeout());
		assertThat(context.getClientSessionContext()).isNotNull();
		try (SSLServerSocket unbound = (SSLServerSocket) context.getServerSocketFactory().createServerSocket()) {
			assertThat(unbound.isBound()).isFalse();
		}
	}

	@Test
	void contextCannotBeInitializedAnew() {
		assertThatExceptionOfType(KeyManagementException.class)
			.isThrownBy(() -> this.client.tls().context().init(new KeyManager[0], new TrustManager[0], null));
	}

	@Test
	void noTextHasTheKey() {
		KeyedSvid svid = this.orders.snapshot().svid();
		assertThat(svid).isNotNull();
		BigInteger secret = ((ECPrivateKey) svid.privateKey()).getS();
		List<Object> shown = new ArrayList<>(List.of(svid, this.orders.snapshot(), this.client,
				this.client.tls().context(), this.client.tls().keyManagerFactory(),
				this.client.tls().keyManagerFactory().getKeyManagers()[0], ANYBODY));
		assertThat(shown)
			.allSatisfy((each) -> assertThat(each.toString()).doesNotContainIgnoringCase(secret.toString(16))
				.doesNotContain(secret.toString(), svid.privateKey().toString()));
		assertThat(svid).hasToString("KeyedSvid[svid=%s, generation=1]".formatted(svid.svid()));
	}

	private EngineHandshake handshake(String protocol) {
		return EngineHandshake.begin(this.client.tls().context(), this.server.tls().context(), protocol);
	}

	/**
	 * A context that is made once, and ends no session.
	 */
	private static SSLContext staying(SvidTls tls) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		X509TrustManager manager = (X509TrustManager) tls.keepingConnections()
			.tls()
			.trustManagerFactory()
			.getTrustManagers()[0];
		context.init(tls.tls().keyManagerFactory().getKeyManagers(),
				new TrustManager[] { new LastingTrustManager(manager) }, null);
		return context;
	}

	private static void assertSerialNumbers(EngineHandshake handshake, int ofClient, int ofServer) throws Exception {
		assertThat(((X509Certificate) handshake.server().getSession().getPeerCertificates()[0]).getSerialNumber())
			.isEqualTo(ofClient);
		assertThat(((X509Certificate) handshake.client().getSession().getPeerCertificates()[0]).getSerialNumber())
			.isEqualTo(ofServer);
	}

	private static void assertRefused(EngineHandshake handshake, String message) {
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end)
			.havingRootCause()
			.withMessageContaining(message);
	}

	/**
	 * How often either end has looked at the other's certificate.
	 */
	private void assertChecks(long byClient, long byServer) {
		assertThat(count(this.client, Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).as("by the client")
			.isEqualTo(byClient);
		assertThat(count(this.server, Direction.INBOUND, HandshakeOutcome.ACCEPTED)).as("by the server")
			.isEqualTo(byServer);
	}

	private static long count(SvidTls tls, Direction direction, HandshakeOutcome outcome) {
		return tls.tls().counts().count(direction, outcome);
	}

	private interface Opener {

		Socket open() throws IOException;

	}

	/**
	 * Decides as the one of ours, and does nothing to the session.
	 */
	private static final class LastingTrustManager extends X509ExtendedTrustManager {

		private final X509TrustManager manager;

		LastingTrustManager(X509TrustManager manager) {
			this.manager = manager;
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			this.manager.checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			this.manager.checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
				throws CertificateException {
			this.manager.checkClientTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			this.manager.checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			this.manager.checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
				throws CertificateException {
			this.manager.checkServerTrusted(chain, authType);
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return this.manager.getAcceptedIssuers();
		}

	}

}
