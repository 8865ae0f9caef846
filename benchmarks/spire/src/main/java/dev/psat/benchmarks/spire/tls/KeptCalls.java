package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Calls a server over a single connection for as long as it lasts.
 */
final class KeptCalls extends Thread {

	private static final byte[] CALL = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(Caller.KEPT)
		.getBytes(StandardCharsets.US_ASCII);

	private final byte[] answer = new byte[1 << 14];

	private final SSLContext context;

	private final int port;

	private volatile int calls;

	private volatile long lastByte;

	private volatile boolean cut;

	KeptCalls(SSLContext context, int port) {
		super("kept-calls");
		this.context = context;
		this.port = port;
		setDaemon(true);
	}

	@Override
	public void run() {
		try (SSLSocket socket = (SSLSocket) this.context.getSocketFactory().createSocket("127.0.0.1", this.port)) {
			socket.setSoTimeout((int) ClientApplication.TIMEOUT.toMillis());
			String answered = "";
			while (!answered.contains("connection: close")) {
				socket.getOutputStream().write(CALL);
				answered = read(socket);
				this.calls++;
			}
		}
		catch (IOException ex) {
			this.cut = true;
		}
	}

	private String read(SSLSocket socket) throws IOException {
		String answered = "";
		for (int length = 0; !answered.endsWith("\r\n\r\nhello");) {
			int read = socket.getInputStream().read(this.answer, length, this.answer.length - length);
			if (read <= 0) {
				throw new IOException("The connection has ended");
			}
			this.lastByte = System.nanoTime();
			length += read;
			answered = new String(this.answer, 0, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
		}
		return answered;
	}

	int calls() {
		return this.calls;
	}

	long lastByte() {
		return this.lastByte;
	}

	/**
	 * Return whether the connection has ended without notice.
	 */
	boolean isCut() {
		return this.cut;
	}

}
