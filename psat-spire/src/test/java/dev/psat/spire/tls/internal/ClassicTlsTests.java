package dev.psat.spire.tls.internal;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.ClassicAuthority;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ClassicTls}.
 */
class ClassicTlsTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final ClassicAuthority AUTHORITY = new ClassicAuthority();

	private static final SSLContext LOCALHOST = ForeignTls.server(AUTHORITY, "localhost");

	private static final SSLContext OTHER_HOST = ForeignTls.server(AUTHORITY, "other.example");

	private static final SSLContext OTHER_AUTHORITY = ForeignTls.server(new ClassicAuthority(), "localhost");

	private final MutableIdentity identity = MutableIdentity.of(ROOT, ORDERS);

	private ClassicTls.Trust trust = AUTHORITY::trustManager;

	private final BundleTls tls = tls(TlsOptions.NONE);

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverIsAcceptedAndSeesTheSvid(String protocol) throws Exception {
		EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, protocol).end();
		assertThat(presented(handshake)).isEqualTo(current());
		assertThat(count(HandshakeOutcome.ACCEPTED)).isOne();
		assertThat(count(HandshakeOutcome.UNTRUSTED)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	@ExtendWith(OutputCaptureExtension.class)
	void serverOfAnotherHostIsRefused(String protocol, CapturedOutput output) {
		assertRefused(EngineHandshake.begin(this.tls.context(), OTHER_HOST, protocol), "No subject alternative");
		assertThat(output).contains("A server was refused: localhost:8443: No subject alternative");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void eachServerIsLoggedOnceAMinute(CapturedOutput output) {
		for (String host : new String[] { "one.example", "two.example", "one.example" }) {
			assertRefused(EngineHandshake.begin(this.tls.context().createSSLEngine(host, 8443),
					LOCALHOST.createSSLEngine(), "TLSv1.3"), "No subject alternative");
		}
		assertRefused(EngineHandshake.begin(this.tls.context().createSSLEngine("one.example", 443),
				LOCALHOST.createSSLEngine(), "TLSv1.3"), "No subject alternative");
		assertThat(output.getAll().lines().filter((line) -> line.contains("A server was refused: "))).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverOfAnotherAuthorityIsRefused(String protocol) {
		assertRefused(EngineHandshake.begin(this.tls.context(), OTHER_AUTHORITY, protocol), "PKIX path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverWithoutNameOfTheEngineIsRefused(String protocol) {
		assertRefused(
				EngineHandshake.begin(this.tls.context().createSSLEngine(), LOCALHOST.createSSLEngine(), protocol),
				"Hostname or IP address is undefined");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void contextOfTheManagersChecksTheHostName(String protocol) throws Exception {
		EngineHandshake.begin(ofManagers(), LOCALHOST, protocol).end();
		assertRefused(EngineHandshake.begin(ofManagers(), OTHER_HOST, protocol), "No subject alternative");
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void socketChecksTheHostName(String protocol, boolean managers) throws Exception {
		SSLContext clients = managers ? ofManagers() : this.tls.context();
		try (Loopback right = Loopback.ofServerSocket(LOCALHOST, protocol);
				Loopback wrong = Loopback.ofServerSocket(OTHER_HOST, protocol)) {
			Loopback.call(clients.getSocketFactory().createSocket("localhost", right.port()));
			assertThat(right.failures()).isEmpty();
			assertThatIOException()
				.isThrownBy(() -> Loopback.call(clients.getSocketFactory().createSocket("localhost", wrong.port())))
				.withMessageContaining("No subject alternative");
		}
	}

	/**
	 * Setting nothing at all is what a library does that means to check later.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void algorithmThatIsRemovedIsSetAgain(String protocol) {
		EngineHandshake handshake = EngineHandshake.begin(withAlgorithm(null), OTHER_HOST.createSSLEngine(), protocol);
		assertRefused(handshake, "No subject alternative");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void emptyAlgorithmIsTheWordOfTheClient(String protocol) throws Exception {
		EngineHandshake.begin(withAlgorithm(""), OTHER_HOST.createSSLEngine(), protocol).end();
		assertRefused(EngineHandshake.begin(withAlgorithm(""), OTHER_AUTHORITY.createSSLEngine(), protocol),
				"PKIX path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void withoutAnSvidNobodyConnectsAsNobody(String protocol) {
		this.identity.become(TlsSnapshot.EMPTY);
		EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, protocol);
		handshake.server().setWantClientAuth(true);
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end)
			.havingRootCause()
			.withMessage("There is no X.509-SVID to connect with: " + MutableIdentity.ABSENCE);
		handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, protocol);
		handshake.server().setNeedClientAuth(false);
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end)
			.havingRootCause()
			.withMessageStartingWith("There is no X.509-SVID");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverThatNamesOurIssuerGetsTheSvid(String protocol) throws Exception {
		SSLContext server = ForeignTls.server(AUTHORITY, "localhost", new SvidMint("other").certificate(),
				ROOT.certificate());
		assertThat(presented(EngineHandshake.begin(this.tls.context(), server, protocol).end())).isEqualTo(current());
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void serverThatNamesOthersLearnsNothing(String protocol) throws Exception {
		SSLContext server = ForeignTls.server(AUTHORITY, "localhost", new SvidMint("other").certificate());
		EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), server, protocol);
		handshake.server().setWantClientAuth(true);
		handshake.end();
		assertThatExceptionOfType(SSLPeerUnverifiedException.class).isThrownBy(() -> presented(handshake));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whoLooksLearnsWhichServerGetsNothing(CapturedOutput output) throws Exception {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel("dev.psat.spire.tls.SvidTls", LogLevel.DEBUG);
		try {
			SSLContext server = ForeignTls.server(AUTHORITY, "localhost", new SvidMint("other").certificate());
			EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), server, "TLSv1.3");
			handshake.server().setWantClientAuth(true);
			handshake.end();
		}
		finally {
			logging.setLogLevel("dev.psat.spire.tls.SvidTls", null);
		}
		assertThat(output).contains("localhost:8443 gets no X.509-SVID: it names 1 issuers");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void noSessionIsResumed(String protocol) throws Exception {
		for (long serialNumber = 1; serialNumber < 4; serialNumber++) {
			this.identity.rotate(ROOT.order(ORDERS).serialNumber(serialNumber).mint());
			EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, protocol).end();
			assertThat(presented(handshake).getSerialNumber()).isEqualTo(serialNumber);
			assertThat(count(HandshakeOutcome.ACCEPTED)).isEqualTo(serialNumber);
		}
	}

	@Test
	void connectionThatHasBegunKeepsItsSvid() throws Exception {
		X509Certificate begun = current();
		EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, "TLSv1.3");
		this.identity.rotate(ROOT.mint(ORDERS));
		assertThat(presented(handshake.end())).isEqualTo(begun).isNotEqualTo(current());
	}

	@Test
	void trustIsThatOfNow() throws Exception {
		EngineHandshake.begin(this.tls.context(), LOCALHOST, "TLSv1.3").end();
		EngineHandshake begun = EngineHandshake.begin(this.tls.context(), LOCALHOST, "TLSv1.3");
		this.trust = new ClassicAuthority()::trustManager;
		assertRefused(begun, "PKIX path");
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> EngineHandshake.begin(ofManagers(), LOCALHOST, "TLSv1.3").end());
	}

	@Test
	void withoutTrustNobodyIsAccepted() {
		this.trust = () -> {
			throw new CertificateException("There is none");
		};
		assertRefused(EngineHandshake.begin(this.tls.context(), LOCALHOST, "TLSv1.3"), "There is none");
	}

	/**
	 * As a classic server does over TLS 1.2 for those of its pages that need a
	 * certificate.
	 */
	@Test
	void serverMayAskForTheCertificateLater() throws Exception {
		EngineHandshake handshake = EngineHandshake.begin(this.tls.context(), LOCALHOST, "TLSv1.2");
		handshake.server().setNeedClientAuth(false);
		handshake.end();
		assertThatExceptionOfType(SSLPeerUnverifiedException.class).isThrownBy(() -> presented(handshake));
		handshake.server().setNeedClientAuth(true);
		handshake.server().getSession().invalidate();
		handshake.server().beginHandshake();
		handshake.end();
		assertThat(presented(handshake)).isEqualTo(current());
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, true", "TLSv1.2, false", "TLSv1.3, true", "TLSv1.3, false" })
	void nothingIsServed(String protocol, boolean managers) throws Exception {
		SSLContext servers = managers ? ofManagers() : this.tls.context();
		SSLContext clients = SvidTls
			.of(this.identity, PeerPolicies.of((peer) -> true), TlsOptions.NONE, Time.ofSystem())
			.tls()
			.context();
		for (boolean needed : new boolean[] { true, false }) {
			EngineHandshake handshake = EngineHandshake.begin(clients, servers, protocol);
			handshake.server().setNeedClientAuth(needed);
			assertThatExceptionOfType(SSLException.class).isThrownBy(handshake::end);
		}
		try (Loopback server = Loopback.ofServerSocket(servers, protocol)) {
			assertThatIOException()
				.isThrownBy(() -> Loopback.call(clients.getSocketFactory().createSocket("localhost", server.port())));
		}
	}

	@Test
	void limitsHold() throws Exception {
		SSLContext limited = tls(TlsOptions.of(List.of(), List.of("TLSv1.3"))).context();
		assertThat(limited.getDefaultSSLParameters().getProtocols()).containsExactly("TLSv1.3");
		assertRefusedWith(() -> EngineHandshake.begin(limited, LOCALHOST, "TLSv1.2").end(), "is not permitted");
		EngineHandshake.begin(limited, LOCALHOST, "TLSv1.3").end();
	}

	@Test
	void parametersOfTheContextCheckTheHostName() throws Exception {
		assertThat(this.tls.context().getDefaultSSLParameters().getEndpointIdentificationAlgorithm())
			.isEqualTo("HTTPS");
		assertThat(this.tls.context().createSSLEngine().getSSLParameters().getEndpointIdentificationAlgorithm())
			.isEqualTo("HTTPS");
		try (SSLSocket socket = (SSLSocket) this.tls.context().getSocketFactory().createSocket()) {
			assertThat(socket.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
		}
	}

	private BundleTls tls(TlsOptions options) {
		return ClassicTls.of(this.identity, () -> this.trust.trustManager(), options);
	}

	private SSLContext ofManagers() throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(this.tls.keyManagerFactory().getKeyManagers(), this.tls.trustManagerFactory().getTrustManagers(),
				null);
		return context;
	}

	private SSLEngine withAlgorithm(@Nullable String algorithm) {
		SSLEngine engine = this.tls.context().createSSLEngine("localhost", 8443);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm(algorithm);
		engine.setSSLParameters(parameters);
		return engine;
	}

	private X509Certificate current() {
		return Objects.requireNonNull(this.identity.snapshot().svid()).svid().chain().get(0);
	}

	private static X509Certificate presented(EngineHandshake handshake) throws SSLPeerUnverifiedException {
		Certificate[] presented = handshake.server().getSession().getPeerCertificates();
		return (X509Certificate) presented[0];
	}

	private void assertRefused(EngineHandshake handshake, String problem) {
		long before = count(HandshakeOutcome.UNTRUSTED);
		assertRefusedWith(handshake::end, problem);
		assertThat(count(HandshakeOutcome.UNTRUSTED)).isEqualTo(before + 1);
	}

	private static void assertRefusedWith(ThrowingCallable handshake, String problem) {
		assertThatExceptionOfType(SSLException.class).isThrownBy(handshake).satisfies((ex) -> {
			StringBuilder messages = new StringBuilder();
			for (Throwable each = ex; each != null; each = each.getCause()) {
				messages.append(each.getMessage()).append('\n');
			}
			assertThat(messages).contains(problem);
		});
	}

	private long count(HandshakeOutcome outcome) {
		return this.tls.counts().count(Direction.OUTBOUND, outcome);
	}

}
