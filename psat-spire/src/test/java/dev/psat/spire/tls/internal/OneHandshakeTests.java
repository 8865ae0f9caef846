package dev.psat.spire.tls.internal;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link EngineOrSocket#permitNoOtherHandshake()}: the other end is not ours,
 * and would renegotiate.
 */
class OneHandshakeTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BANK = "spiffe://example.org/bank";

	private final SvidTls ours = SvidTls.of(MutableIdentity.of(ROOT, ORDERS), PeerPolicies.of((peer) -> true),
			TlsOptions.NONE, Time.ofSystem());

	private final Minted bank = ROOT.mint(BANK);

	private final SSLContext foreign = ForeignTls.context(this.bank.privateKey(), this.bank.array());

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void clientRefusesRenegotiation(boolean byItself, boolean resuming) throws Exception {
		EngineHandshake handshake = EngineHandshake.begin(this.ours.tls().context(), this.foreign, "TLSv1.2").end();
		assertRefused(handshake, byItself ? handshake.client() : handshake.server(), resuming);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void serverRefusesRenegotiation(boolean byItself, boolean resuming) throws Exception {
		EngineHandshake handshake = EngineHandshake.begin(this.foreign, this.ours.tls().context(), "TLSv1.2").end();
		assertRefused(handshake, byItself ? handshake.server() : handshake.client(), resuming);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void serverThatAsksForNoCertificateRefusesRenegotiation(boolean resuming) throws Exception {
		SSLEngine server = this.ours.withOptionalCertificates().tls().context().createSSLEngine();
		EngineHandshake handshake = EngineHandshake.begin(this.foreign.createSSLEngine(), server, "TLSv1.2");
		server.setNeedClientAuth(false);
		handshake.end();
		assertRefused(handshake, handshake.client(), resuming);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void contextOfTheManagersRefusesRenegotiation(boolean server, boolean resuming) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(this.ours.tls().keyManagerFactory().getKeyManagers(),
				this.ours.tls().trustManagerFactory().getTrustManagers(), null);
		EngineHandshake handshake = (server ? EngineHandshake.begin(this.foreign, context, "TLSv1.2")
				: EngineHandshake.begin(context, this.foreign, "TLSv1.2"))
			.end();
		assertRefused(handshake, server ? handshake.client() : handshake.server(), resuming);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void socketOfAServerRefusesRenegotiation(boolean layered, boolean resuming) throws Exception {
		try (Loopback server = layered ? Loopback.ofLayeredSockets(this.ours.tls().context(), "TLSv1.2")
				: Loopback.ofServerSocket(this.ours.tls().context(), "TLSv1.2");
				SSLSocket socket = (SSLSocket) this.foreign.getSocketFactory()
					.createSocket("localhost", server.port())) {
			socket.startHandshake();
			if (!resuming) {
				socket.getSession().invalidate();
			}
			assertThatIOException().isThrownBy(() -> {
				socket.startHandshake();
				Loopback.call(socket);
			});
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void socketOfAClientRefusesRenegotiation(boolean resuming) throws Exception {
		try (Loopback server = Loopback.ofLayeredSockets(this.foreign, "TLSv1.2");
				SSLSocket socket = (SSLSocket) this.ours.tls()
					.context()
					.getSocketFactory()
					.createSocket("localhost", server.port())) {
			socket.startHandshake();
			if (!resuming) {
				socket.getSession().invalidate();
			}
			assertThatExceptionOfType(SSLException.class).isThrownBy(socket::startHandshake);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void parametersThatAreSetBeforeTheHandshakeDoNotMatter(boolean server) throws Exception {
		SSLEngine engine = this.ours.tls().context().createSSLEngine("localhost", 8443);
		SSLEngine other = this.foreign.createSSLEngine("localhost", 8443);
		EngineHandshake handshake = server ? EngineHandshake.begin(other, engine, "TLSv1.2")
				: EngineHandshake.begin(engine, other, "TLSv1.2");
		SSLParameters parameters = other.getSSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.2" });
		parameters.setNeedClientAuth(server);
		engine.setSSLParameters(parameters);
		handshake.end();
		assertRefused(handshake, other, true);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void nothingElseOfAConnectionChanges(String protocol) throws Exception {
		EngineHandshake handshake = EngineHandshake.begin(this.ours.tls().context(), this.ours.tls().context(),
				protocol);
		String[] clients = handshake.client().getEnabledCipherSuites();
		handshake.end();
		assertThat(handshake.client().getEnabledCipherSuites()).isEqualTo(clients);
		assertThat(handshake.client().getEnabledProtocols()).containsExactly(protocol);
		assertThat(handshake.server().getNeedClientAuth()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void keysOfTls13AreUpdated(boolean byClient) throws Exception {
		EngineHandshake handshake = EngineHandshake
			.begin(this.ours.tls().context(), this.ours.tls().context(), "TLSv1.3")
			.end();
		for (int i = 0; i < 3; i++) {
			(byClient ? handshake.client() : handshake.server()).beginHandshake();
			handshake.end();
		}
	}

	private static void assertRefused(EngineHandshake handshake, SSLEngine by, boolean resuming) {
		if (!resuming) {
			handshake.client().getSession().invalidate();
			handshake.server().getSession().invalidate();
		}
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> {
			by.beginHandshake();
			handshake.end();
		}).withMessageContaining("No appropriate protocol");
	}

}
