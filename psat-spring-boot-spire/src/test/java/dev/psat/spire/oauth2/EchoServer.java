package dev.psat.spire.oauth2;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token endpoint that answers with whatever bytes a test wants.
 */
final class EchoServer implements AutoCloseable {

	private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

	private final ServerSocket socket;

	private final Thread thread = new Thread(this::serve, "echo");

	private volatile String answer = "";

	EchoServer() {
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread.setDaemon(true);
		this.thread.start();
	}

	String tokenUri() {
		return "http://127.0.0.1:%d/token".formatted(this.socket.getLocalPort());
	}

	/**
	 * Give this answer, with its head, from now on.
	 */
	void answer(String answer) {
		this.answer = answer;
	}

	private void serve() {
		while (!this.socket.isClosed()) {
			try (Socket connection = this.socket.accept()) {
				read(connection.getInputStream());
				connection.getOutputStream().write(this.answer.getBytes(StandardCharsets.ISO_8859_1));
			}
			catch (IOException ex) {
				// the client went, or the test is over
			}
		}
	}

	private static void read(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("no request");
			}
			head.append((char) next);
		}
		Matcher length = LENGTH.matcher(head);
		in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
