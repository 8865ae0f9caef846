package dev.psat.spire.tls.internal;

import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TlsOptions}.
 */
class TlsOptionsTests {

	private static final String CIPHER = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private static final SvidMint ROOT = new SvidMint("root");

	private final SvidTls other = tls(TlsOptions.NONE);

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, TLSv1.3, true", "TLSv1.2, TLSv1.3, false", "TLSv1.3, TLSv1.2, true",
			"TLSv1.3, TLSv1.2, false" })
	void protocolAloneIsNegotiatedByEitherEnd(String enabled, String refused, boolean server) throws Exception {
		SSLContext limited = tls(TlsOptions.of(List.of(), List.of(enabled))).tls().context();
		assertThat(handshake(limited, server, enabled).end().client().getSession().getProtocol()).isEqualTo(enabled);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> handshake(limited, server, refused).end());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void cipherAloneIsNegotiatedByEitherEnd(boolean server) throws Exception {
		SSLContext limited = tls(TlsOptions.of(List.of(CIPHER), List.of())).tls().context();
		assertThat(handshake(limited, server, "TLSv1.2").end().client().getSession().getCipherSuite())
			.isEqualTo(CIPHER);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> handshake(limited, server, "TLSv1.3").end());
	}

	@ParameterizedTest
	@CsvSource({ "true, TLSv1.2", "false, TLSv1.2", "true, TLSv1.3", "false, TLSv1.3" })
	void engineThatALibraryHasChangedIsRefusedByTheManagers(boolean server, String protocol) throws Exception {
		String enabled = protocol.equals("TLSv1.2") ? "TLSv1.3" : "TLSv1.2";
		for (TlsOptions options : List.of(TlsOptions.of(List.of(), List.of(enabled)), TlsOptions
			.of(List.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"), List.of()))) {
			SSLEngine engine = tls(options).tls().context().createSSLEngine("localhost", 8443);
			SSLEngine peer = this.other.tls().context().createSSLEngine("localhost", 8443);
			EngineHandshake handshake = server ? EngineHandshake.begin(peer, engine, protocol)
					: EngineHandshake.begin(engine, peer, protocol);
			for (SSLEngine end : List.of(engine, peer)) {
				end.setEnabledProtocols(new String[] { protocol });
				end.setEnabledCipherSuites(new String[] { CIPHER, "TLS_AES_256_GCM_SHA384" });
			}
			assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end);
		}
	}

	@Test
	void serverThatAsksForNoCertificateRefusesOtherProtocols() {
		SSLEngine engine = tls(TlsOptions.of(List.of(), List.of("TLSv1.3"))).tls().context().createSSLEngine();
		EngineHandshake handshake = EngineHandshake.begin(this.other.tls().context().createSSLEngine(), engine,
				"TLSv1.2");
		engine.setNeedClientAuth(false);
		engine.setEnabledProtocols(new String[] { "TLSv1.2", "TLSv1.3" });
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void socketsOfAServerAreLimited(boolean layered) throws Exception {
		SSLContext limited = tls(TlsOptions.of(List.of(), List.of("TLSv1.3"))).tls().context();
		try (Loopback server = layered ? Loopback.ofLayeredSockets(limited, "TLSv1.2")
				: Loopback.ofServerSocket(limited, "TLSv1.2");
				SSLSocket client = (SSLSocket) this.other.tls()
					.context()
					.getSocketFactory()
					.createSocket("localhost", server.port())) {
			client.setEnabledProtocols(new String[] { "TLSv1.2" });
			assertThatIOException().isThrownBy(() -> Loopback.call(client));
		}
	}

	@Test
	void socketsAndParametersTellTheLimits() throws Exception {
		SSLContext limited = tls(TlsOptions.of(List.of(CIPHER), List.of("TLSv1.2"))).tls().context();
		try (SSLSocket socket = (SSLSocket) limited.getSocketFactory().createSocket()) {
			assertThat(socket.getEnabledProtocols()).containsExactly("TLSv1.2");
			assertThat(socket.getEnabledCipherSuites()).containsExactly(CIPHER);
		}
		SSLParameters parameters = limited.getDefaultSSLParameters();
		assertThat(parameters.getProtocols()).containsExactly("TLSv1.2");
		assertThat(parameters.getCipherSuites()).containsExactly(CIPHER);
	}

	@Test
	void bundleWithAPolicyOfItsOwnHasTheSameLimits() {
		TlsOptions options = TlsOptions.of(List.of(), List.of("TLSv1.3"));
		assertThat(tls(options).with(ANYBODY).tls().options()).isEqualTo(options);
	}

	@Test
	void limitsThatNoHandshakeMeetsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TlsOptions.of(List.of(CIPHER), List.of("TLSv1.3")))
			.withMessageContaining("No handshake is possible");
	}

	private EngineHandshake handshake(SSLContext limited, boolean server, String protocolOfThePeer) {
		SSLEngine engine = limited.createSSLEngine("localhost", 8443);
		SSLEngine peer = this.other.tls().context().createSSLEngine("localhost", 8443);
		String[] before = engine.getEnabledProtocols();
		EngineHandshake handshake = server ? EngineHandshake.begin(peer, engine, protocolOfThePeer)
				: EngineHandshake.begin(engine, peer, protocolOfThePeer);
		engine.setEnabledProtocols(before);
		peer.setEnabledProtocols(new String[] { protocolOfThePeer });
		return handshake;
	}

	private static SvidTls tls(TlsOptions options) {
		return SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/orders"), ANYBODY, options, Time.ofSystem());
	}

}
