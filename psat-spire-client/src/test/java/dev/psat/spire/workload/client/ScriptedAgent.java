package dev.psat.spire.workload.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Patience;

/**
 * An agent by hand: what it does with a connection is up to the test.
 */
final class ScriptedAgent implements AutoCloseable {

	/** Connections that were accepted. */
	final List<SocketChannel> accepted = new CopyOnWriteArrayList<>();

	private final Path directory;

	private final Path socket;

	private final ServerSocketChannel listener;

	private final Handler handler;

	private final Thread acceptor;

	/**
	 * Start an agent.
	 * @param handler handles a connection, which is closed after that
	 */
	ScriptedAgent(Handler handler) {
		this.handler = handler;
		try {
			// that of a test's name may be too long
			this.directory = Files.createTempDirectory("agent");
			this.socket = this.directory.resolve("api.sock");
			this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
			this.listener.bind(UnixDomainSocketAddress.of(this.socket));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.acceptor = run(this::accept);
	}

	/**
	 * Start an agent that keeps the connection until the other side closes it.
	 */
	static ScriptedAgent lasting(Handler handler) {
		return new ScriptedAgent((peer) -> {
			handler.handle(peer);
			peer.drain();
		});
	}

	private void accept() throws IOException {
		while (true) {
			SocketChannel channel = this.listener.accept();
			this.accepted.add(channel);
			run(() -> {
				try (channel) {
					this.handler.handle(new AgentPeer(channel));
				}
			});
		}
	}

	private static Thread run(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				// the test is over, or sees from the other side that this one has failed
			}
		}, "scripted-agent");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	WorkloadEndpoint endpoint() {
		return WorkloadEndpoint.parse("unix://" + this.socket);
	}

	WorkloadCall call() {
		return call(new byte[0]);
	}

	WorkloadCall call(byte[] message) {
		return call(message, Time.ofSystem());
	}

	WorkloadCall call(byte[] message, Time time) {
		return new WorkloadCall(endpoint(), "SpiffeWorkloadAPI/FetchX509SVID", message, "test/1", time);
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.listener.close();
		this.acceptor.join(Patience.MILLIS);
		for (SocketChannel channel : this.accepted) {
			channel.close();
		}
		Files.deleteIfExists(this.socket);
		Files.delete(this.directory);
	}

	/**
	 * Handles a connection.
	 */
	interface Handler {

		void handle(AgentPeer peer) throws Exception;

	}

	private interface Task {

		void run() throws Exception;

	}

}
