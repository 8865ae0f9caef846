package dev.psat.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A port that nobody else is given while its server is away. On Linux, a socket holds it
 * that does not listen: whoever connects is refused, and a server may listen beside it.
 */
public final class HeldPort implements AutoCloseable {

	private static final Duration LONGEST_WAIT = Patience.LIMIT;

	private static final Duration LOOK = Duration.ofMillis(1);

	private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));

	private final InetSocketAddress address;

	private final Socket holder;

	/**
	 * Hold a port that is free.
	 * @param wanted the address to listen on
	 */
	public HeldPort(InetAddress wanted) {
		this.holder = new Socket();
		try {
			this.holder.setReuseAddress(true);
			this.holder.bind(new InetSocketAddress(wanted, 0));
			this.address = new InetSocketAddress(wanted, this.holder.getLocalPort());
			if (!LINUX) {
				this.holder.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the address to listen on.
	 */
	public InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Wait until nobody listens any more, as a server does that was closed until its
	 * event loop has looked at its channels.
	 * @param address the address
	 */
	public static void awaitNoListener(InetSocketAddress address) {
		long began = System.nanoTime();
		IOException failure = bind(address);
		while (failure != null) {
			if (System.nanoTime() - began > LONGEST_WAIT.toNanos()) {
				throw new UncheckedIOException("Somebody still listens on " + address, failure);
			}
			LockSupport.parkNanos(LOOK.toNanos());
			failure = bind(address);
		}
	}

	private static @Nullable IOException bind(InetSocketAddress address) {
		try (Socket socket = new Socket()) {
			socket.setReuseAddress(true);
			socket.bind(address);
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	/**
	 * Let others have the port.
	 */
	@Override
	public void close() {
		try {
			this.holder.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
