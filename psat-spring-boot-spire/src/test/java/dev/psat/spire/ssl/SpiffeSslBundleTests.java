package dev.psat.spire.ssl;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.server.IdentityFixture;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link SpiffeSslBundle}.
 */
class SpiffeSslBundleTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void bundleIsEmptyAndWholeBeforeThereIsAnIdentity() throws Exception {
		SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> null, (peer) -> "is refused", (peer) -> "is refused",
				SslOptions.NONE);
		assertThat(Objects.requireNonNull(bundle.getStores().getKeyStore()).size()).isZero();
		assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore()).size()).isZero();
		assertThat(bundle.getStores().getKeyStorePassword()).isNull();
		assertThat(bundle.getKey()).isSameAs(SslBundleKey.NONE);
		assertThat(bundle.getOptions()).isSameAs(SslOptions.NONE);
		assertThat(bundle.getProtocol()).isEqualTo("TLS");
		assertThat(bundle.createSslContext()).isSameAs(bundle.createSslContext())
			.isSameAs(bundle.getManagers().createSslContext("TLSv1.3"));
		assertThat(bundle.createSslContext().getSocketFactory()).isSameAs(bundle.createSslContext().getSocketFactory());
		assertThat(bundle.getManagers()).isSameAs(bundle.getManagers());
		assertThat(bundle.getManagers().getKeyManagers()).hasSize(1);
		assertThat(bundle.getManagers().getTrustManagers()).hasSize(1);
		assertThat(bundle.getManagers().getKeyManagerFactory()).isSameAs(bundle.getManagers().getKeyManagerFactory());
		assertThat(bundle.getManagers().getTrustManagerFactory())
			.isSameAs(bundle.getManagers().getTrustManagerFactory());
		assertThat(bundle).hasToString("SpiffeSslBundle");
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("spire", bundle);
		assertThat(registry.getBundle("spire")).isSameAs(bundle);
		assertThat(new SslInfo(registry).getBundle("spire").getCertificateChains()).isEmpty();
	}

	@Test
	void bundleServesAndCallsByTheIdentityOfTheMoment() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		SpiffeSslBundle nobody = SpiffeSslBundle.of(identity);
		SpiffeSslBundle bundle = nobody.authorizing(SpiffeSslBundleTests::isOrders);
		SSLContext before = bundle.createSslContext();
		try (Server server = new Server(bundle)) {
			assertThatIOException().isThrownBy(() -> server.get(before));
			identity.start();
			this.fixture.awaitState(SpireState.READY);
			assertThat(server.get(before)).isEqualTo(200);
			assertThatIOException().isThrownBy(() -> server.get(nobody.createSslContext()))
				.havingRootCause()
				.withMessageContaining("is not authorized, since nobody is");
			SpiffeSslBundle others = bundle.authorizing((peer) -> !isOrders(peer));
			assertThatIOException().isThrownBy(() -> server.get(others.createSslContext()))
				.havingRootCause()
				.withMessageContaining("is not authorized by the application's own policy");
			assertThat(others.handshakes()).isSameAs(bundle.handshakes()).isSameAs(nobody.handshakes());
			assertThat(bundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.UNAUTHORIZED)).isEqualTo(2);
			assertThat(bundle.handshakes().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isPositive();
		}
		assertThat(Objects.requireNonNull(bundle.getStores().getKeyStore()).size()).isZero();
		assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore()).size())
			.isEqualTo(identity.trustBundle().x509Authorities().size());
		SslInfo info = new SslInfo(new DefaultSslBundleRegistry("spire", bundle));
		assertThat(info.getBundle("spire").getCertificateChains()).isEmpty();
	}

	@Test
	void serverThatDoesNotRequireCertificateServesOnlyBundleThatAllowsIt() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpiffeSslBundle bundle = SpiffeSslBundle.of(this.fixture.ready()).authorizing(SpiffeSslBundleTests::isOrders);
		SSLContext client = bundle.createSslContext();
		try (Server server = new Server(bundle, false)) {
			assertThatIOException().isThrownBy(() -> server.get(client));
		}
		try (Server server = new Server(bundle.withOptionalCertificates(), false)) {
			assertThat(server.get(client)).isEqualTo(200);
		}
		SpiffeSslBundle others = bundle.withOptionalCertificates().authorizing((peer) -> !isOrders(peer));
		try (Server server = new Server(others, false)) {
			assertThat(server.get(client)).isEqualTo(200);
		}
		try (Server server = new Server(others, true)) {
			assertThatIOException().isThrownBy(() -> server.get(client));
		}
		assertThat(others.handshakes()).isSameAs(bundle.handshakes());
	}

	@Test
	void clientsOfTheJdkKeepConnectionsAlive() throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpiffeSslBundle bundle = SpiffeSslBundle.of(this.fixture.ready()).authorizing(SpiffeSslBundleTests::isOrders);
		try (Server server = new Server(bundle)) {
			HttpClient client = HttpClient.newBuilder().sslContext(bundle.createSslContext()).build();
			for (int i = 0; i < 4; i++) {
				assertThat(client
					.send(HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.discarding())
					.statusCode()).isEqualTo(200);
			}
			assertThat(bundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isOne();
			for (int i = 0; i < 4; i++) {
				// as Boot's simple client does, which asks for a context each time
				assertThat(server.get(bundle.createSslContext())).isEqualTo(200);
			}
			assertThat(bundle.handshakes().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
			assertThat(bundle.handshakes().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(2);
		}
	}

	private static boolean isOrders(SpiffeId peer) {
		return peer.path().endsWith("/orders");
	}

	/**
	 * Serves with the context of a bundle, and demands certificates unless told
	 * otherwise.
	 */
	private static final class Server implements AutoCloseable {

		/** The same each time, since the JDK keeps connections alive for one verifier. */
		private static final HostnameVerifier VERIFIER = (host, session) -> true;

		private final HttpsServer server;

		private final ExecutorService executor = Executors.newCachedThreadPool();

		Server(SpiffeSslBundle bundle) throws Exception {
			this(bundle, true);
		}

		Server(SpiffeSslBundle bundle, boolean needClientAuth) throws Exception {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			SSLContext context = bundle.createSslContext();
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
