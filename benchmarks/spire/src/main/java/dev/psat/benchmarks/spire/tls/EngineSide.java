package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * One side of a handshake in memory, which counts its processor time.
 */
final class EngineSide {

	private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final ByteBuffer plain = ByteBuffer.allocate(32 * 1024);

	private final ByteBuffer out = ByteBuffer.allocate(64 * 1024);

	private final SSLEngine engine;

	private long nanos;

	private EngineSide(SSLEngine engine, long nanos) {
		this.engine = engine;
		this.nanos = nanos;
	}

	/**
	 * Make the client's side, which checks the host name as clients of HTTPS do.
	 */
	static EngineSide client(SSLContext context, String protocol) {
		long begin = CPU.getCurrentThreadCpuTime();
		SSLEngine engine = context.createSSLEngine("localhost", 443);
		engine.setUseClientMode(true);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setProtocols(new String[] { protocol });
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		engine.setSSLParameters(parameters);
		return new EngineSide(engine, CPU.getCurrentThreadCpuTime() - begin);
	}

	static EngineSide server(SSLContext context, String protocol) {
		long begin = CPU.getCurrentThreadCpuTime();
		SSLEngine engine = context.createSSLEngine();
		engine.setUseClientMode(false);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setProtocols(new String[] { protocol });
		parameters.setNeedClientAuth(true);
		engine.setSSLParameters(parameters);
		return new EngineSide(engine, CPU.getCurrentThreadCpuTime() - begin);
	}

	/**
	 * Shake hands, until the client has its ticket too.
	 * @param client one side
	 * @param server the other
	 * @throws SSLException if they do not agree
	 */
	static void shakeHands(EngineSide client, EngineSide server) throws SSLException {
		client.begin();
		boolean moved = true;
		while (moved) {
			moved = client.advance(server.out);
			moved |= server.advance(client.out);
		}
		if (client.isShaking() || server.isShaking()) {
			throw new SSLException("The handshake does not end");
		}
	}

	/**
	 * Begin. From here on a client has key pairs for all groups that it offers.
	 */
	private void begin() throws SSLException {
		long begin = CPU.getCurrentThreadCpuTime();
		this.engine.beginHandshake();
		this.nanos += CPU.getCurrentThreadCpuTime() - begin;
	}

	/**
	 * Do what can be done without the other side.
	 * @return whether there was anything
	 */
	private boolean advance(ByteBuffer in) throws SSLException {
		long begin = CPU.getCurrentThreadCpuTime();
		boolean moved = false;
		while (step(in)) {
			moved = true;
		}
		this.nanos += CPU.getCurrentThreadCpuTime() - begin;
		return moved;
	}

	private boolean step(ByteBuffer in) throws SSLException {
		HandshakeStatus status = this.engine.getHandshakeStatus();
		if (status == HandshakeStatus.NEED_TASK) {
			this.engine.getDelegatedTask().run();
			return true;
		}
		if (status == HandshakeStatus.NEED_WRAP) {
			this.engine.wrap(NOTHING, this.out);
			return true;
		}
		if (in.position() == 0) {
			return false;
		}
		in.flip();
		int consumed = this.engine.unwrap(in, this.plain).bytesConsumed();
		in.compact();
		return consumed != 0;
	}

	SSLEngine engine() {
		return this.engine;
	}

	private boolean isShaking() {
		return this.engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
	}

	long nanos() {
		return this.nanos;
	}

}
