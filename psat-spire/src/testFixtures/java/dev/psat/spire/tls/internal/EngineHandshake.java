package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A handshake of two engines without a network. Each end asks for the other's
 * certificate. When it is over, one byte has gone each way, so that both ends have read
 * all that the other one has to say, tickets included.
 */
public final class EngineHandshake {

	private static final byte[] HELLO = { 42 };

	private final End client;

	private final End server;

	private EngineHandshake(SSLEngine client, SSLEngine server) {
		this.client = new End(client);
		this.server = new End(server);
	}

	/**
	 * Begin a handshake.
	 * @param client makes the client's engine
	 * @param server makes the server's engine
	 * @param protocol the protocol
	 * @return the handshake, of which nothing has been written yet
	 */
	public static EngineHandshake begin(SSLContext client, SSLContext server, String protocol) {
		return begin(client.createSSLEngine("localhost", 8443), server.createSSLEngine(), protocol);
	}

	public static EngineHandshake begin(SSLEngine client, SSLEngine server, String protocol) {
		client.setUseClientMode(true);
		client.setEnabledProtocols(new String[] { protocol });
		server.setUseClientMode(false);
		server.setNeedClientAuth(true);
		return new EngineHandshake(client, server);
	}

	/**
	 * Bring a handshake to its end.
	 * @return this
	 * @throws SSLException what the end that has refused the other one says
	 */
	public EngineHandshake end() throws SSLException {
		while (!this.client.isDone() || !this.server.isDone()) {
			boolean moved = this.client.writeTo(this.server);
			moved |= this.server.writeTo(this.client);
			if (!moved) {
				throw new IllegalStateException("Neither end moves on");
			}
		}
		return this;
	}

	/**
	 * Let each end say once what it has to say.
	 */
	void pass() throws SSLException {
		this.client.writeTo(this.server);
		this.server.writeTo(this.client);
	}

	public SSLEngine client() {
		return this.client.engine;
	}

	SSLEngine server() {
		return this.server.engine;
	}

	private static final class End {

		private final SSLEngine engine;

		private final ByteBuffer unsent;

		private final ByteBuffer unread = ByteBuffer.allocate(256 * 1024);

		private final ByteBuffer read = ByteBuffer.allocate(64 * 1024);

		End(SSLEngine engine) {
			this.engine = engine;
			this.unsent = ByteBuffer.wrap(HELLO);
		}

		boolean isDone() {
			return !this.unsent.hasRemaining() && this.read.position() == HELLO.length
					&& this.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
		}

		/**
		 * Write what there is to be written, and have the other end read it.
		 */
		boolean writeTo(End other) throws SSLException {
			boolean moved = false;
			ByteBuffer record = ByteBuffer.allocate(32 * 1024);
			SSLEngineResult result;
			do {
				result = this.engine.wrap(this.unsent, record);
				other.unread.put(record.flip());
				record.clear();
				runTasks();
				moved |= result.bytesProduced() > 0;
			}
			while (result.bytesProduced() > 0);
			other.readAll();
			return moved;
		}

		private void readAll() throws SSLException {
			this.unread.flip();
			try {
				SSLEngineResult result;
				do {
					result = this.engine.unwrap(this.unread, this.read);
					runTasks();
				}
				while (result.bytesConsumed() > 0 && this.unread.hasRemaining());
			}
			finally {
				this.unread.compact();
			}
		}

		private void runTasks() {
			for (Runnable task = this.engine.getDelegatedTask(); task != null; task = this.engine.getDelegatedTask()) {
				task.run();
			}
		}

	}

}
