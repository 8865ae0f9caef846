package dev.psat.tlstests;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.support.AnyCertificate;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;

/**
 * A connection by which one request over HTTP/1.1 follows another, with whatever headers
 * a caller may think of.
 */
public final class KeptConnection implements AutoCloseable {

	private static final int PATIENCE = Patience.MILLIS;

	private final Socket plain;

	private final SSLSocket socket;

	private boolean closing;

	/**
	 * Connect to a server.
	 * @param port the port on the loopback interface
	 * @param serverName the name to send in SNI, {@code null} for none
	 * @param credential the credential to present
	 */
	public KeptConnection(int port, @Nullable String serverName, Credential credential) {
		try {
			this.plain = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket = (SSLSocket) credential.sslContext(new AnyCertificate())
				.getSocketFactory()
				.createSocket(this.plain, null, port, true);
			this.socket.setSoTimeout(PATIENCE);
			if (serverName != null) {
				SSLParameters parameters = this.socket.getSSLParameters();
				parameters.setServerNames(List.of(new SNIHostName(serverName)));
				this.socket.setSSLParameters(parameters);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Make a request.
	 * @param path the path
	 * @param headers headers, {@code Host} if it shall not be {@code localhost}
	 * @return the body of an answer with the status 200, or else the status
	 */
	public String get(String path, String... headers) {
		List<String> all = List.of(headers);
		StringBuilder request = new StringBuilder("GET %s HTTP/1.1\r\n".formatted(path));
		if (all.stream().noneMatch((header) -> header.startsWith("Host:"))) {
			request.append("Host: localhost\r\n");
		}
		all.forEach((header) -> request.append(header).append("\r\n"));
		try {
			this.socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
			return answer(this.socket.getInputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Make several requests at once, without waiting for an answer.
	 * @param path the path
	 * @param times how many
	 */
	void post(String path, int times) {
		String request = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".formatted(path);
		try {
			this.socket.getOutputStream().write(request.repeat(times).getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether the last answer told to use another connection.
	 * @return whether it did
	 */
	public boolean isClosing() {
		return this.closing;
	}

	private String answer(InputStream in) throws IOException {
		String status = line(in).split(" ")[1];
		int length = 0;
		boolean chunked = false;
		for (String line = line(in); !line.isEmpty(); line = line(in)) {
			String[] header = line.toLowerCase(Locale.ROOT).split(": *", 2);
			if (header[0].equals("content-length")) {
				length = Integer.parseInt(header[1]);
			}
			chunked |= header[0].equals("transfer-encoding");
			this.closing |= header[0].equals("connection") && header[1].equals("close");
		}
		String body = chunked ? chunks(in) : new String(in.readNBytes(length), StandardCharsets.UTF_8);
		return status.equals("200") ? body : status;
	}

	private static String chunks(InputStream in) throws IOException {
		StringBuilder body = new StringBuilder();
		int length;
		do {
			length = Integer.parseInt(line(in), 16);
			body.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
			line(in);
		}
		while (length > 0);
		return body.toString();
	}

	private static String line(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = in.read(); next != '\n'; next = in.read()) {
			if (next == -1) {
				throw new EOFException("The connection has ended");
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.US_ASCII).strip();
	}

	/**
	 * Close this connection without saying so over TLS, as a client does that fails.
	 */
	public void vanish() {
		try {
			this.plain.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
