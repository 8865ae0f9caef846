package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The port of a server, which nobody else is given while the server is stopped. On Linux,
 * a socket holds it that does not listen: whoever connects is refused, and the server may
 * listen beside it.
 */
final class OwnPort {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private static final Duration RETRY = Duration.ofMillis(20);

	private static final Duration LOOK = Duration.ofMillis(1);

	private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));

	private volatile @Nullable Socket holder;

	InetSocketAddress hold(InetSocketAddress wanted) {
		if (!LINUX || this.holder != null) {
			return wanted;
		}
		Socket held = bind(wanted);
		this.holder = held;
		return (held != null) ? new InetSocketAddress(wanted.getAddress(), held.getLocalPort()) : wanted;
	}

	private static @Nullable Socket bind(InetSocketAddress address) {
		Socket socket = new Socket();
		try {
			socket.setReuseAddress(true);
			socket.bind(address);
			return socket;
		}
		catch (IOException ex) {
			close(socket);
			return null;
		}
	}

	/** Retries for a while if another server may listen there. */
	static Server listen(NettyServerBuilder builder, SocketAddress address) throws IOException {
		boolean anyPort = address instanceof InetSocketAddress inet && inet.getPort() == 0;
		long began = System.nanoTime();
		while (true) {
			try {
				return builder.build().start();
			}
			catch (IOException ex) {
				if (anyPort || isOver(began)) {
					throw ex;
				}
				LockSupport.parkNanos(RETRY.toNanos());
			}
		}
	}

	/**
	 * A closed server ceases to listen once its event loop has looked at its channels.
	 */
	void awaitClosed() {
		Socket held = this.holder;
		if (held == null) {
			return;
		}
		InetSocketAddress address = new InetSocketAddress(held.getLocalAddress(), held.getLocalPort());
		long began = System.nanoTime();
		Socket beside = bind(address);
		while (beside == null && !isOver(began)) {
			LockSupport.parkNanos(LOOK.toNanos());
			beside = bind(address);
		}
		if (beside != null) {
			close(beside);
		}
	}

	private static boolean isOver(long began) {
		return System.nanoTime() - began > LONGEST_WAIT.toNanos();
	}

	void release() {
		Socket held = this.holder;
		if (held != null) {
			close(held);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
