package dev.psat.tlstests.tomcat.soak;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import dev.psat.support.Matrix;
import dev.psat.tlstests.tomcat.soak.Failure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Failure}.
 */
@Matrix
class FailureTests {

	@ParameterizedTest
	@ValueSource(strings = { "The X.509-SVID of spiffe://example.org/a expired at 2026-11-26T00:00:00Z",
			"The X.509-SVID of spiffe://example.org/a does not chain to an authority of the trust bundle" })
	void svidThatIsNotTrustedIsRefused(String message) {
		assertThat(kind(ownRefusal(message))).isEqualTo(Kind.PEER_REFUSED);
		assertThat(kind(new IOException("wrapped", ownRefusal(message)))).isEqualTo(Kind.PEER_REFUSED);
	}

	@Test
	void ownSvidThatHasExpiredIsNotConnectedWith() {
		assertThat(kind(
				ownRefusal("There is no X.509-SVID to connect with: The last one expired at 2026-11-26T00:00:00Z")))
			.isEqualTo(Kind.OWN_EXPIRED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "There is no X.509-SVID to connect with: none",
			"The peer spiffe://example.org/a is not authorized",
			"The X.509-SVID of spiffe://example.org/a has an invalid chain: signature check failed" })
	void otherRefusalIsSomethingElse(String message) {
		assertThat(kind(ownRefusal(message))).isEqualTo(Kind.OTHER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Received fatal alert: certificate_unknown",
			"(bad_certificate) Received fatal alert: bad_certificate", "Received fatal alert: certificate_expired",
			"Received fatal alert: unknown_ca" })
	void alertAboutTheCertificateIsARefusalByThePeer(String message) {
		assertThat(kind(new SSLHandshakeException(message))).isEqualTo(Kind.REFUSED_BY_PEER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Received fatal alert: decrypt_error", "Received fatal alert: handshake_failure",
			"(certificate_required) Received fatal alert: certificate_required",
			"Invalid CertificateVerify message: invalid signature" })
	void otherFailureOfTlsIsSomethingElse(String message) {
		assertThat(kind(new SSLHandshakeException(message))).isEqualTo(Kind.OTHER);
		assertThat(kind(new IOException("wrapped", new SSLHandshakeException(message)))).isEqualTo(Kind.OTHER);
	}

	@ParameterizedTest
	@MethodSource
	void connectionThatEndsMayBeARefusalByThePeer(IOException thrown) {
		assertThat(kind(thrown)).isEqualTo(Kind.REFUSED_BY_PEER);
	}

	static Stream<IOException> connectionThatEndsMayBeARefusalByThePeer() {
		return Stream.of(new SocketException("Connection reset"), new EOFException("EOF"),
				new SSLException("Connection reset", new SocketException("Connection reset")),
				new SSLHandshakeException("Remote host terminated the handshake"),
				new IOException("HTTP/1.1 header parser received no bytes"));
	}

	@ParameterizedTest
	@MethodSource
	void silenceOrNobodyIsSomethingElse(IOException thrown) {
		assertThat(kind(thrown)).isEqualTo(Kind.OTHER);
	}

	static Stream<IOException> silenceOrNobodyIsSomethingElse() {
		return Stream.of(new HttpTimeoutException("slow"), new HttpConnectTimeoutException("slow"),
				new SocketTimeoutException("slow"), new ConnectException("Connection refused"),
				new IOException(new ConnectException("Connection refused")));
	}

	@Test
	void answerIsSomethingElse() {
		assertThat(Kind.of(new HttpServerErrorException(HttpStatus.INTERNAL_SERVER_ERROR))).isEqualTo(Kind.OTHER);
		assertThat(Kind.of(new IllegalStateException("The answer was odd"))).isEqualTo(Kind.OTHER);
	}

	@Test
	void tellsAllCauses() {
		Failure failure = Failure.of("orders", "orders on a new connection", Duration.ZERO,
				new ResourceAccessException("I/O", new IOException("inner")));
		assertThat(failure.text()).contains("I/O").contains("inner");
	}

	private static IOException ownRefusal(String message) {
		return new SSLException(message, new CertificateException(message));
	}

	private static Kind kind(IOException thrown) {
		return Kind.of(new ResourceAccessException("I/O error", thrown));
	}

}
