package dev.psat.spire;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.server.IdentityFixture;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.spire.tls.internal.ForeignTls;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireTls}.
 */
class SpireTlsTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	private final KeyedIdentity keyed = new KeyedIdentity();

	/** Held, since a connection that nobody holds is forgotten. */
	private final List<EngineHandshake> open = new ArrayList<>();

	@Test
	void servesAndCallsByTheIdentityOfTheMoment() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		SpireTls nobody = SpireTls.of(identity);
		SpireTls tls = nobody.authorizing(SpireTlsTests::isOrders);
		SSLContext before = tls.sslContext();
		try (Server server = new Server(tls)) {
			assertThatIOException().isThrownBy(() -> server.get(before));
			identity.start();
			this.fixture.awaitState(SpireState.READY);
			assertThat(server.get(before)).isEqualTo(200);
			assertThatIOException().isThrownBy(() -> server.get(nobody.sslContext()))
				.havingRootCause()
				.withMessageContaining("is not authorized, since nobody is");
			SpireTls others = tls.authorizing((peer) -> !isOrders(peer));
			assertThatIOException().isThrownBy(() -> server.get(others.sslContext()))
				.havingRootCause()
				.withMessageContaining("is not authorized by the application's own policy");
			assertThat(others.handshakes()).isSameAs(tls.handshakes()).isSameAs(nobody.handshakes());
			assertThat(tls.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED)).isEqualTo(2);
			assertThat(tls.handshakes().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isPositive();
			assertThat(nobody.peers().peers(Direction.INBOUND)).hasSize(1);
		}
	}

	@Test
	void everythingIsTheSameInstance() {
		SpireTls tls = SpireTls.of(this.keyed);
		assertThat(tls.sslContext()).isSameAs(tls.sslContext());
		assertThat(tls.sslContext().getSocketFactory()).isSameAs(tls.sslContext().getSocketFactory());
		assertThat(tls.keyManagerFactory()).isSameAs(tls.keyManagerFactory());
		assertThat(tls.trustManagerFactory()).isSameAs(tls.trustManagerFactory());
	}

	@Test
	void identityWithoutKeyIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> SpireTls.of(new TestIdentity()))
			.withMessage("'identity' must be a TlsIdentity");
	}

	@Test
	void directionsMayHaveDifferentPolicies() throws Exception {
		this.keyed.rotate();
		SpireTls tls = SpireTls.of(this.keyed);
		SSLContext served = tls.authorizing((peer) -> null, (peer) -> "is no server").sslContext();
		SSLContext called = tls.authorizing((peer) -> "is no client", (peer) -> null).sslContext();
		EngineHandshake.begin(called, served, "TLSv1.3").end();
		assertThatIOException().isThrownBy(() -> EngineHandshake.begin(served, called, "TLSv1.3").end())
			.withMessageContaining("is no server");
	}

	@Test
	void policyOfAnotherTrustDomainRefusesTheOwnOne() {
		this.keyed.rotate();
		SSLContext context = SpireTls.of(this.keyed)
			.authorizing(TrustDomain.of("partner.org"), (peer) -> true)
			.sslContext();
		assertThatIOException().isThrownBy(() -> EngineHandshake.begin(context, context, "TLSv1.3").end())
			.withMessageContaining("does not belong to the trust domain 'partner.org'");
	}

	@Test
	void clientIsVerifiedAgain() throws Exception {
		this.keyed.rotate();
		SpireTls tls = SpireTls.of(this.keyed);
		assertThat(tls.authorizing(SpireTlsTests::isOrders).verifyClient(this.keyed.x509Svid().chain()))
			.hasToString(KeyedIdentity.ID);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> tls.verifyClient(this.keyed.x509Svid().chain()))
			.withMessageContaining("is not authorized, since nobody is");
	}

	@Test
	void connectionsEndWithTheirAuthorizationUnlessTheyAreKept() throws Exception {
		this.keyed.rotate();
		Set<String> refused = ConcurrentHashMap.newKeySet();
		SpireTls tls = SpireTls.of(this.keyed).authorizing((peer) -> !refused.contains(peer.path()));
		SpireTls kept = tls.keepingConnections();
		for (SpireTls each : List.of(tls, kept)) {
			this.open.add(EngineHandshake.begin(each.sslContext(), each.sslContext(), "TLSv1.3").end());
		}
		assertThat(tls.connections().open(Direction.INBOUND)).isEqualTo(2);
		refused.add("/ns/shop/sa/orders");
		tls.reauthorize();
		await().until(() -> tls.connections().ended(Direction.INBOUND, EndCause.UNAUTHORIZED) == 1);
		assertThat(kept.connections()).isSameAs(tls.connections());
		assertThat(tls.connections().open(Direction.INBOUND)).isOne();
	}

	@Test
	void limitsAreThoseOfEachConnection() {
		SpireTls tls = SpireTls.of(this.keyed, List.of("TLS_AES_128_GCM_SHA256"), List.of("TLSv1.3"));
		SSLEngine engine = tls.sslContext().createSSLEngine();
		assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");
		assertThat(engine.getEnabledCipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
		assertThatIllegalArgumentException().isThrownBy(() -> SpireTls.of(this.keyed, List.of(), List.of("SSLv3")));
	}

	@Test
	void keyManagerPresentsTheSvidToServersOfAnotherCa() throws Exception {
		this.keyed.rotate();
		ClassicAuthority authority = new ClassicAuthority();
		SSLContext client = SSLContext.getInstance("TLS");
		client.init(SpireTls.of(this.keyed).keyManagerFactory().getKeyManagers(),
				new TrustManager[] { authority.trustManager() }, null);
		SSLContext server = ForeignTls.server(authority, "localhost");
		SSLEngine engine = server.createSSLEngine();
		EngineHandshake.begin(client.createSSLEngine("localhost", 8443), engine, "TLSv1.3").end();
		assertThat(engine.getSession().getPeerCertificates()).containsExactly(this.keyed.x509Svid().leaf());
	}

	@Test
	void serverThatDoesNotRequireCertificateServesOnlyIfThatIsAllowed() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpireTls tls = SpireTls.of(this.fixture.ready()).authorizing(SpireTlsTests::isOrders);
		SSLContext client = tls.sslContext();
		try (Server server = new Server(tls, false)) {
			assertThatIOException().isThrownBy(() -> server.get(client));
		}
		try (Server server = new Server(tls.withOptionalCertificates(), false)) {
			assertThat(server.get(client)).isEqualTo(200);
		}
		SpireTls others = tls.withOptionalCertificates().authorizing((peer) -> !isOrders(peer));
		try (Server server = new Server(others, false)) {
			assertThat(server.get(client)).isEqualTo(200);
		}
		try (Server server = new Server(others, true)) {
			assertThatIOException().isThrownBy(() -> server.get(client));
		}
		assertThat(others.handshakes()).isSameAs(tls.handshakes());
	}

	@Test
	void clientsOfTheJdkKeepConnectionsAlive() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpireTls tls = SpireTls.of(this.fixture.ready()).authorizing(SpireTlsTests::isOrders);
		try (Server server = new Server(tls)) {
			HttpClient client = HttpClient.newBuilder().sslContext(tls.sslContext()).build();
			for (int i = 0; i < 4; i++) {
				assertThat(client
					.send(HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.discarding())
					.statusCode()).isEqualTo(200);
			}
			assertThat(tls.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isOne();
			for (int i = 0; i < 4; i++) {
				// as Boot's simple client does, which asks for a context each time
				assertThat(server.get(tls.sslContext())).isEqualTo(200);
			}
			assertThat(tls.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
			assertThat(tls.handshakes().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
		}
	}

	private static boolean isOrders(SpiffeId peer) {
		return peer.path().endsWith("/orders");
	}

	/**
	 * Serves with the context, and demands certificates unless told otherwise.
	 */
	private static final class Server implements AutoCloseable {

		/** The same each time, since the JDK keeps connections alive for one verifier. */
		private static final HostnameVerifier VERIFIER = (host, session) -> true;

		private final HttpsServer server;

		private final ExecutorService executor = Executors.newCachedThreadPool();

		Server(SpireTls tls) throws Exception {
			this(tls, true);
		}

		Server(SpireTls tls, boolean needClientAuth) throws Exception {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			SSLContext context = tls.sslContext();
			this.server.setHttpsConfigurator(new HttpsConfigurator(context) {

				@Override
				public void configure(HttpsParameters parameters) {
					SSLParameters need = context.getDefaultSSLParameters();
					need.setNeedClientAuth(needClientAuth);
					parameters.setSSLParameters(need);
				}

			});
			this.server.createContext("/", (exchange) -> {
				exchange.sendResponseHeaders(200, 2);
				exchange.getResponseBody().write(new byte[2]);
				exchange.close();
			});
			this.server.setExecutor(this.executor);
			this.server.start();
		}

		URI uri() {
			return URI.create("https://localhost:%d/".formatted(this.server.getAddress().getPort()));
		}

		int get(SSLContext context) throws Exception {
			HttpsURLConnection connection = (HttpsURLConnection) uri().toURL().openConnection();
			connection.setSSLSocketFactory(context.getSocketFactory());
			connection.setHostnameVerifier(VERIFIER);
			connection.setConnectTimeout(Patience.MILLIS);
			connection.setReadTimeout(Patience.MILLIS);
			try (InputStream body = connection.getInputStream()) {
				body.readAllBytes();
			}
			return connection.getResponseCode();
		}

		@Override
		public void close() {
			this.server.stop(0);
			this.executor.shutdownNow();
		}

	}

}
