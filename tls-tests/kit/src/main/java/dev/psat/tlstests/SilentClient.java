package dev.psat.tlstests;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;
import dev.psat.support.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that connects, falls silent, and may speak again.
 */
final class SilentClient implements AutoCloseable {

	private static final int PATIENCE = Patience.MILLIS;

	private static final byte[] PREFACE = bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

	private static final byte[] SETTINGS = { 4, 0, 0, 0, 0, 0 };

	private static final byte[] HTTP_2_PING = bytes("\0\0\10\6\0\0\0\0\0psatpsat");

	private static final byte[] HTTP_2_PONG = bytes("\0\0\10\6\1\0\0\0\0psatpsat");

	private static final byte[] WEB_SOCKET_PING = { (byte) 0x89, (byte) 0x84, 0, 0, 0, 0, 'p', 's', 'a', 't' };

	private static final byte[] WEB_SOCKET_PONG = { (byte) 0x8a, 4, 'p', 's', 'a', 't' };

	private final Silence silence;

	private final String path;

	private final Socket plain;

	private final SSLSocket socket;

	/**
	 * Connect to a server, and fall silent.
	 * @param port the port on the loopback interface
	 * @param credential the credential to present
	 * @param silence when to fall silent
	 * @param path the path of requests with short answers
	 */
	SilentClient(int port, Credential credential, Silence silence, String path) {
		this.silence = silence;
		this.path = path;
		try {
			this.plain = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket = (SSLSocket) credential.sslContext(new AnyCertificate())
				.getSocketFactory()
				.createSocket(this.plain, null, port, true);
			this.socket.setSoTimeout(PATIENCE);
			if (silence.isHttp2()) {
				SSLParameters parameters = this.socket.getSSLParameters();
				parameters.setApplicationProtocols(new String[] { "h2" });
				this.socket.setSSLParameters(parameters);
			}
			this.socket.startHandshake();
			begin();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void begin() throws IOException {
		switch (this.silence) {
			case AFTER_HANDSHAKE, BEFORE_PREFACE -> {
			}
			case IN_HEAD -> write(bytes("GET %s HTTP/1.1\r\nHost: loc".formatted(this.path)));
			case BETWEEN_REQUESTS -> get();
			case AMONG_EVENTS -> {
				write(bytes("GET /silent HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
				await(bytes("data:" + Silents.EVENT));
			}
			case ON_WEB_SOCKET -> {
				write(bytes("GET /silent-socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
						+ "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
						+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
				await(bytes("\r\n\r\n"));
			}
			case WITHOUT_STREAM -> {
				write(PREFACE);
				await(SETTINGS);
			}
		}
	}

	private void get() throws IOException {
		write(bytes("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(this.path)));
		answer();
	}

	private void answer() throws IOException {
		await(bytes("HTTP/1.1 200"));
		InputStream in = this.socket.getInputStream();
		String head = await(bytes("\r\n\r\n"));
		if (head.toLowerCase().contains("chunked")) {
			await(bytes("0\r\n\r\n"));
		}
		else {
			in.readNBytes(Integer.parseInt(head.toLowerCase().split("content-length: *")[1].split("\r")[0]));
		}
	}

	/**
	 * Send a request over HTTP/1.1, but for the end of its content.
	 * @param path the path
	 */
	void beginPost(String path) {
		try {
			write(bytes(
					"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n".formatted(path)
							+ "Content-Length: 2\r\n\r\n1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Say something, and assert that there is an answer.
	 * @param silents speak to whoever listens
	 */
	void assertGoesOn(Silents silents) {
		try {
			switch (this.silence) {
				case AFTER_HANDSHAKE, BETWEEN_REQUESTS -> get();
				case IN_HEAD -> {
					write(bytes("alhost\r\n\r\n"));
					answer();
				}
				case AMONG_EVENTS -> {
					silents.speak();
					await(bytes("data:" + Silents.EVENT));
				}
				case ON_WEB_SOCKET -> {
					write(WEB_SOCKET_PING);
					await(WEB_SOCKET_PONG);
				}
				case BEFORE_PREFACE -> {
					write(PREFACE);
					await(SETTINGS);
				}
				case WITHOUT_STREAM -> {
					write(HTTP_2_PING);
					await(HTTP_2_PONG);
				}
			}
		}
		catch (IOException ex) {
			throw new AssertionError("%s does not go on".formatted(this.silence), ex);
		}
	}

	/**
	 * Assert that the other end closes the connection.
	 */
	void assertEnds() {
		try {
			InputStream in = this.socket.getInputStream();
			while (in.read() != -1) {
				// what was said before
			}
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("%s is still open".formatted(this.silence), ex);
		}
		catch (IOException ex) {
			assertThat(ex).as("end").isNotNull();
		}
	}

	private void write(byte[] content) throws IOException {
		this.socket.getOutputStream().write(content);
		this.socket.getOutputStream().flush();
	}

	private String await(byte[] expected) throws IOException {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		byte[] last = new byte[expected.length];
		while (!Arrays.equals(last, expected)) {
			int next = this.socket.getInputStream().read();
			if (next == -1) {
				throw new EOFException("The connection has ended");
			}
			read.write(next);
			System.arraycopy(last, 1, last, 0, last.length - 1);
			last[last.length - 1] = (byte) next;
		}
		return read.toString(StandardCharsets.ISO_8859_1);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Close the connection, without waiting for a server that does not learn of that.
	 */
	@Override
	public void close() {
		try {
			this.plain.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.silence.toString();
	}

}
