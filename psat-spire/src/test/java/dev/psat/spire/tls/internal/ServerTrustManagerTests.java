package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ServerTrustManager} in the hands of libraries that are not the JDK.
 */
class ServerTrustManagerTests {

	private static final X509Certificate[] CHAIN = { new SvidMint("root").certificate() };

	private final PeerReport report = new PeerReport(Time.ofSystem());

	private final X509ExtendedTrustManager trusting = Mockito.mock(X509ExtendedTrustManager.class);

	private final MutableIdentity identity = MutableIdentity.of(new SvidMint("root"), "spiffe://example.org/orders");

	private final ServerTrustManager manager = new ServerTrustManager(this.identity, () -> this.trusting, this.report,
			TlsOptions.NONE, Clock.systemUTC(),
			new OpenConnections.Registrar(
					new OpenConnections(this.identity, this.report, Time.ofSystem(), OpenConnections.Timing.USUAL),
					true, null, null, null));

	@Test
	void noClientIsAccepted() {
		assertRefused(() -> this.manager.checkClientTrusted(CHAIN, "EC"), "authorizes no client");
		assertRefused(() -> this.manager.checkClientTrusted(CHAIN, "EC", (Socket) null), "authorizes no client");
		assertRefused(() -> this.manager.checkClientTrusted(CHAIN, "EC", (SSLEngine) null), "authorizes no client");
	}

	@Test
	void whoDoesNotSayToWhomItConnectsIsRefused() {
		String problem = "The host name of the server cannot be checked";
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC"), problem);
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", (SSLEngine) null), problem);
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", (Socket) null), problem);
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", new Socket()), problem);
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", Mockito.mock(SSLSocket.class)), problem);
		Mockito.verifyNoInteractions(this.trusting);
	}

	@Test
	void engineThatIgnoresParametersIsRefused() {
		SSLEngine engine = Mockito.mock(SSLEngine.class);
		Mockito.when(engine.getSSLParameters()).thenAnswer((invocation) -> new SSLParameters());
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", engine), "cannot be checked");
		Mockito.verifyNoInteractions(this.trusting);
	}

	@Test
	void socketThatIgnoresParametersIsRefused() {
		SSLSocket socket = Mockito.mock(SSLSocket.class);
		Mockito.when(socket.isConnected()).thenReturn(true);
		Mockito.when(socket.getSSLParameters()).thenAnswer((invocation) -> new SSLParameters());
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", socket), "cannot be checked");
		Mockito.verifyNoInteractions(this.trusting);
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, NoClassDefFoundError.class })
	void trustManagerThatFailsAcceptsNobody(Class<? extends Throwable> failure) throws Exception {
		SSLEngine engine = Mockito.mock(SSLEngine.class);
		SSLParameters parameters = new SSLParameters();
		Mockito.when(engine.getSSLParameters()).thenReturn(parameters);
		Mockito.doThrow(failure.getConstructor(String.class).newInstance("a secret"))
			.when(this.trusting)
			.checkServerTrusted(CHAIN, "EC", engine);
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", engine),
				"The certificate could not be verified: " + failure.getName());
		assertThat(this.report.count(Direction.OUTBOUND, HandshakeOutcome.UNTRUSTED)).isOne();
	}

	/**
	 * After an error, the JDK would wait for its task forever.
	 */
	@Test
	void errorAroundTheVerificationIsARefusal() {
		SSLEngine engine = Mockito.mock(SSLEngine.class);
		Mockito.when(engine.getSSLParameters()).thenReturn(new SSLParameters());
		Mockito.when(engine.getHandshakeSession()).thenThrow(new OutOfMemoryError("on purpose"));
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", engine),
				"The peer could not be checked: java.lang.OutOfMemoryError");
		SSLSocket socket = Mockito.mock(SSLSocket.class);
		Mockito.when(socket.isConnected()).thenReturn(true);
		Mockito.when(socket.getHandshakeSession()).thenThrow(new StackOverflowError("on purpose"));
		assertRefused(() -> this.manager.checkServerTrusted(CHAIN, "EC", socket),
				"The peer could not be checked: java.lang.StackOverflowError");
	}

	@Test
	void issuersAreThoseOfTheTrustManager() {
		Mockito.when(this.trusting.getAcceptedIssuers()).thenReturn(CHAIN);
		assertThat(this.manager.getAcceptedIssuers()).isEqualTo(CHAIN);
	}

	private static void assertRefused(ThrowingCallable check, String problem) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(check).withMessageContaining(problem);
	}

}
