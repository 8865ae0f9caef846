package dev.psat.benchmarks.spire.soak;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import dev.psat.benchmarks.spire.soak.Failure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Failure}.
 */
class FailureTests {

	@Test
	void handshakeThatFailsIsARefusal() {
		assertThat(kind(new SSLHandshakeException("bad_certificate"))).isEqualTo(Kind.REFUSED);
	}

	@Test
	void handshakeInsideOfAnotherExceptionIsARefusal() {
		assertThat(kind(new IOException(new SSLHandshakeException("bad_certificate")))).isEqualTo(Kind.REFUSED);
	}

	@ParameterizedTest
	@MethodSource
	void connectionThatEndsIsBroken(IOException thrown) {
		assertThat(kind(thrown)).isEqualTo(Kind.BROKEN);
	}

	static Stream<IOException> connectionThatEndsIsBroken() {
		return Stream.of(new SocketException("Connection reset"), new EOFException("EOF"),
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
		Failure failure = Failure.of("orders", 1, 2, new ResourceAccessException("I/O", new IOException("inner")));
		assertThat(failure.text()).contains("I/O").contains("inner");
	}

	private static Kind kind(IOException thrown) {
		return Kind.of(new ResourceAccessException("I/O error", thrown));
	}

}
