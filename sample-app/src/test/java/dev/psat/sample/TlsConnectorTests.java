package dev.psat.sample;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TlsConnector} and those who call it.
 */
@SampleTest
class TlsConnectorTests extends CallContract {

	@Autowired
	private TlsConnector connector;

	@Autowired
	private SpiffeSslBundle bundle;

	TlsConnectorTests() {
		super("$.selfCall");
	}

	@Test
	void refusesAnotherWorkload(@TempDir Path directory) throws IOException {
		Path trustBundle = directory.resolve("bundle.crt");
		this.server.trustBundle().writeTo(trustBundle);
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("psat-sample", "stranger").build();
				TokenSource source = TokenSource.builder(kubelet.tokenPath()).build();
				SpireIdentity stranger = SpireServerIdentity
					.builder(PsatAttestor.of(SimulatedPod.CLUSTER, source, List.of("spire-server")))
					.server(ServerAddress.parse(this.server.address()))
					.trustDomain(TrustDomain.of(this.server.trustDomain()))
					.trustBundle(trustBundle)
					.build()) {
			this.server.register(kubelet, SimulatedPod.CLUSTER);
			source.start();
			stranger.start();
			await().until(() -> stranger.status().state().isUp());
			long refused = refused();
			assertIsRefused(SpiffeSslBundle.of(stranger).authorizing((server) -> true).createSslContext());
			assertThat(refused()).isEqualTo(refused + 1);
			this.client.get()
				.uri("/identity")
				.exchange()
				.expectBody()
				.jsonPath("$.handshakes.clients.refused")
				.value(Long.class, (all) -> assertThat(all).isGreaterThan(refused));
		}
	}

	@Test
	void refusesWhoeverShowsNoCertificate() throws IOException, GeneralSecurityException {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(this.bundle.getStores().getTrustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		assertIsRefused(context);
	}

	@Test
	void otherPortNeitherAsksForCertificatesNorKnowsCallers() {
		this.client.get().uri("/caller").exchange().expectStatus().isEqualTo(HttpStatus.FORBIDDEN);
	}

	/**
	 * With TLS 1.3 a client hears of it after its own part of the handshake, unless the
	 * connection is gone before it has written that.
	 */
	private void assertIsRefused(SSLContext context) throws IOException {
		try (Socket socket = context.getSocketFactory().createSocket("localhost", this.connector.localPort())) {
			assertThatIOException().isThrownBy(() -> socket.getInputStream().read())
				.matches((ex) -> ex instanceof SocketException || ex.toString().contains("certificate"));
		}
	}

	private long refused() {
		return this.bundle.handshakes()
			.count(Direction.INBOUND, HandshakeOutcome.UNAUTHORIZED, TrustDomain.of(this.server.trustDomain()));
	}

}
