package dev.psat.spire.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server, and sees the records of TLS that the client
 * sends.
 */
final class TlsTap implements RawServer.Handler {

	private static final int APPLICATION_DATA = 23;

	/**
	 * Lengths of the records that the client has sent encrypted, the handshake's too.
	 */
	final List<Integer> encrypted = new CopyOnWriteArrayList<>();

	/**
	 * How many records the client has sent.
	 */
	final AtomicInteger records = new AtomicInteger();

	/**
	 * Whether the client has hung up.
	 */
	volatile boolean ended;

	private final int port;

	private final boolean cut;

	/**
	 * Create a tap.
	 * @param port port of the server
	 * @param cut whether to cut the connection as soon as the client, which has then seen
	 * all of the server's handshake, encrypts
	 */
	TlsTap(int port, boolean cut) {
		this.port = port;
		this.cut = cut;
	}

	@Override
	public void handle(Socket client) throws Exception {
		try (client; Socket server = new Socket("127.0.0.1", this.port)) {
			Thread answers = new Thread(() -> copy(server, client));
			answers.setDaemon(true);
			answers.start();
			DataInputStream input = new DataInputStream(client.getInputStream());
			OutputStream output = server.getOutputStream();
			for (int type = input.read(); type != -1; type = input.read()) {
				byte[] version = input.readNBytes(2);
				int length = input.readUnsignedShort();
				this.records.incrementAndGet();
				if (type == APPLICATION_DATA) {
					this.encrypted.add(length);
					if (this.cut) {
						return;
					}
				}
				output.write(type);
				output.write(version);
				output.write(new byte[] { (byte) (length >> 8), (byte) length });
				output.write(input.readNBytes(length));
			}
		}
		finally {
			this.ended = true;
		}
	}

	private static void copy(Socket from, Socket to) {
		try (from; to; InputStream input = from.getInputStream()) {
			input.transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// one of the two has gone
		}
	}

}
