package dev.psat.spire.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for TLS of {@link SimulatedSpireServer}.
 */
class TlsTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final int FIRST_JDK_WITH_ML_KEM = 27;

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().clock(this.clock).build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.limitAttestations(false)
		.agentTtl(Duration.ofMinutes(1))
		.workload(this.kubelet)
		.build();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	private final ServerTrust trust = new ServerTrust();

	@Test
	void clientNeedsNoCertificate() throws Exception {
		assertThat(alert("TLSv1.3", null)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void agentSvidIsAccepted(String protocol) throws Exception {
		assertThat(alert(protocol, this.agent)).isEmpty();
		try (TestClient client = TestClient.of(this.server, this.agent, protocol)) {
			assertThat(client.bundle().getX509AuthoritiesCount()).isOne();
		}
	}

	@Test
	void clientWithoutCertificateCannotUseTls12() {
		assertThat(refusal(this.server, "TLSv1.2", null)).contains("bad_certificate");
		assertThat(this.server.journal().refusedConnections()).containsOnly("No client certificate in TLS 1.2");
	}

	@Test
	void clientWithoutPostQuantumKeyExchangeIsRefusedOnDemand() throws Exception {
		try (SimulatedSpireServer strict = SimulatedSpireServer.builder().requirePqKem().build()) {
			if (Runtime.version().feature() >= FIRST_JDK_WITH_ML_KEM) {
				assertThat(alert(strict, "TLSv1.3", null)).isEmpty();
			}
			else {
				assertThat(refusal(strict, "TLSv1.3", null)).contains("Received fatal alert: handshake_failure");
				assertThat(strict.journal().refusedConnections()).containsOnly("No post-quantum key exchange");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void expiredAgentSvidIsRefused(String protocol) throws Exception {
		this.clock.advance(Duration.ofSeconds(61));
		assertRefused(protocol, this.agent);
	}

	@Test
	void agentSvidOfRevokedAuthorityIsRefused() throws Exception {
		this.server.authority().prepare();
		this.server.authority().activate();
		assertThat(alert("TLSv1.3", this.agent)).isEmpty();
		this.server.authority().taint();
		assertThat(alert("TLSv1.3", this.agent)).isEmpty();
		this.server.authority().revoke();
		assertRefused("TLSv1.3", this.agent);
	}

	@Test
	void openConnectionOutlivesItsAuthority() {
		try (TestClient client = TestClient.of(this.server, this.agent)) {
			this.server.authority().prepare();
			this.server.authority().activate();
			this.server.entries().reload();
			String entryId = client.entries().get(0).getId();
			this.server.authority().taint();
			this.server.authority().revoke();
			assertThat(client.x509Svid(entryId).leaf().getIssuerX500Principal())
				.isNotEqualTo(this.agent.leaf().getIssuerX500Principal());
		}
	}

	@Test
	void svidOfForeignServerIsRefused() throws Exception {
		try (SimulatedSpireServer sameName = SimulatedSpireServer.builder().workload(this.kubelet).build();
				SimulatedSpireServer otherName = SimulatedSpireServer.builder()
					.trustDomain("other.example")
					.workload(this.kubelet)
					.build()) {
			assertRefused("TLSv1.3", TestClient.attest(sameName, this.kubelet.token()));
			assertRefused("TLSv1.3", TestClient.attest(otherName, this.kubelet.token()));
		}
	}

	@Test
	void certificateThatIsNoSvidIsRefused() throws Exception {
		var keys = Certificates.newKeyPair();
		var authority = X509Authority.selfSigned("example.org", this.clock.instant(), Duration.ofHours(1));
		assertRefused("TLSv1.3", new TestSvid(keys, authority.issue(keys.getPublic(), "https://example.org/",
				java.util.List.of(), this.clock.instant(), Duration.ofHours(1))));
	}

	private void assertRefused(String protocol, TestSvid svid) throws Exception {
		int before = this.server.journal().refusedConnections().size();
		assertThat(refusal(this.server, protocol, svid)).contains("Received fatal alert: bad_certificate");
		assertThat(this.server.journal().refusedConnections()).hasSizeGreaterThan(before);
	}

	/**
	 * Whoever writes on while the server hangs up may miss the alert, so try until it is
	 * seen.
	 */
	private String refusal(SimulatedSpireServer server, String protocol, @Nullable TestSvid svid) {
		return await().ignoreExceptionsInstanceOf(SocketException.class)
			.until(() -> alert(server, protocol, svid), (alert) -> true);
	}

	@Test
	void serverHasItsIdAndNoName() throws Exception {
		assertThat(alert("TLSv1.3", null)).isEmpty();
		assertThat(this.trust.lastChain()).singleElement()
			.satisfies((leaf) -> assertThat(leaf.getSubjectAlternativeNames()).singleElement()
				.satisfies((name) -> assertThat(name.get(1)).isEqualTo("spiffe://example.org/spire/server")));
	}

	@Test
	void serverRenewsItsCertificateAtHalfOfItsLife() throws Exception {
		alert("TLSv1.3", null);
		this.clock.advance(Duration.ofMinutes(29));
		alert("TLSv1.3", null);
		assertThat(this.trust.lastChain()).isEqualTo(this.trust.chain(0));
		this.clock.advance(Duration.ofMinutes(2));
		alert("TLSv1.3", null);
		assertThat(this.trust.lastChain()).isNotEqualTo(this.trust.chain(0));
	}

	@Test
	void serverOfUpstreamAuthoritySendsIntermediate() throws Exception {
		try (SimulatedSpireServer subordinate = SimulatedSpireServer.builder()
			.upstreamAuthority()
			.limitAttestations(false)
			.workload(this.kubelet)
			.build()) {
			TestSvid svid = TestClient.attest(subordinate, this.kubelet.token());
			assertThat(svid.chain()).hasSize(2);
			try (TestClient client = TestClient.of(subordinate, svid)) {
				var bundle = client.bundle();
				var root = TestSvid.certificate(bundle.getX509Authorities(0).getAsn1());
				assertThat(bundle.getX509AuthoritiesCount()).isOne();
				assertThat(client.serverChain()).hasSize(2);
				client.serverChain().get(1).verify(root.getPublicKey());
				svid.chain().get(1).verify(root.getPublicKey());
				svid.leaf().verify(svid.chain().get(1).getPublicKey());
				subordinate.authority().rotate();
				assertThat(client.bundle()).isEqualTo(bundle);
				TestSvid next = TestClient.attest(subordinate, this.kubelet.token());
				assertThat(next.leaf().getIssuerX500Principal()).isNotEqualTo(svid.leaf().getIssuerX500Principal());
				next.chain().get(1).verify(root.getPublicKey());
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void sessionIsNeverResumed(String protocol) throws Exception {
		assertNotResumed(this.server, protocol, this.agent);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void jdkDoesTheSameButForItsAlert(String protocol) throws Exception {
		try (SimulatedSpireServer jdk = SimulatedSpireServer.builder()
			.clock(this.clock)
			.tlsStack(TlsStack.JDK)
			.workload(this.kubelet)
			.build()) {
			assertThat(alert(jdk, "TLSv1.3", null)).isEmpty();
			assertThat(refusal(jdk, "TLSv1.2", null)).contains("bad_certificate");
			assertThat(refusal(jdk, protocol, this.agent)).contains("certificate_unknown");
			this.trust.clear();
			assertNotResumed(jdk, protocol, TestClient.attest(jdk, this.kubelet.token()));
		}
	}

	private void assertNotResumed(SimulatedSpireServer server, String protocol, TestSvid svid) throws Exception {
		SSLContext context = context(svid);
		byte[] first = sessionId(server, context, protocol);
		assertThat(sessionId(server, context, protocol)).isNotEqualTo(first);
		assertThat(this.trust.count()).isEqualTo(2);
	}

	private byte[] sessionId(SimulatedSpireServer server, SSLContext context, String protocol) throws IOException {
		try (SSLSocket socket = connect(server, context, protocol)) {
			socket.startHandshake();
			socket.getInputStream().read();
			return socket.getSession().getId();
		}
	}

	/**
	 * Shake hands and wait for the first byte after it, since in TLS 1.3 a client learns
	 * only then that its certificate is refused.
	 */
	private String alert(String protocol, @Nullable TestSvid svid) throws Exception {
		return alert(this.server, protocol, svid);
	}

	private String alert(SimulatedSpireServer server, String protocol, @Nullable TestSvid svid) throws Exception {
		try (SSLSocket socket = connect(server, context(svid), protocol)) {
			socket.startHandshake();
			assertThat(socket.getInputStream().read()).isNotEqualTo(-1);
			assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
			return "";
		}
		catch (SSLException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private SSLSocket connect(SimulatedSpireServer server, SSLContext context, String protocol) throws IOException {
		Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port());
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, "127.0.0.1", server.port(), true);
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setProtocols(new String[] { protocol });
		parameters.setApplicationProtocols(new String[] { "h2" });
		socket.setSSLParameters(parameters);
		return socket;
	}

	private SSLContext context(@Nullable TestSvid svid) throws GeneralSecurityException, IOException {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		if (svid != null) {
			store.setKeyEntry("svid", svid.keys().getPrivate(), new char[0], svid.chain().toArray(Certificate[]::new));
		}
		keys.init(store, new char[0]);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), new TrustManager[] { this.trust }, null);
		return context;
	}

}
