package dev.psat.spire.client;

import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.psat.spire.wire.internal.Deadline;

/**
 * Tries an address at which something has failed, before there is an HTTP client for it:
 * before JDK 21, one that cannot be used remains until it is garbage collected, with a
 * thread and its descriptors.
 */
final class Preflight {

	private final ChannelTls tls;

	private final Network.TransportThreads threads;

	private final Waits waits;

	private final Network.Timeouts timeouts;

	Preflight(ChannelTls tls, Network network, Waits waits) {
		this.tls = tls;
		this.threads = network.threads();
		this.timeouts = network.timeouts();
		this.waits = waits;
	}

	/**
	 * A handshake with a time of its own, since a slow server that was missed once would
	 * otherwise never be reached again.
	 */
	void pass(InetSocketAddress address, Deadline patience) throws ExecutionException, TimeoutException {
		try (HandshakeProbe probe = new HandshakeProbe(this.tls, address, this.timeouts.sockets())) {
			this.waits.await(this.threads.submit(() -> {
				probe.complete();
				return true;
			}), this.timeouts.handshake(), patience, new Handshake.TooSlowException(this.timeouts.handshake()));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof SpireException failure) {
				throw failure;
			}
			throw ex;
		}
	}

}
