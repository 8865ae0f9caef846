package dev.psat.products;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server in a directory of its own, on a port of the loopback interface, which it keeps
 * when it is stopped and started again.
 */
public abstract class Product implements AutoCloseable {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

	private final String name;

	private @Nullable Path directory;

	private final int port = freePort();

	private @Nullable Program program;

	/**
	 * Create a product that has not been started.
	 * @param name the name, as in its log file
	 */
	protected Product(String name) {
		this.name = name;
	}

	/**
	 * Return a port that nobody listens on, and that no client is given while the product
	 * is stopped: the ephemeral ones begin above.
	 * @return the port
	 */
	protected static int freePort() {
		while (true) {
			int port = 20_000 + RANDOM.nextInt(12_000);
			try (ServerSocket socket = new ServerSocket(port)) {
				if (PORTS.add(port)) {
					return port;
				}
			}
			catch (IOException ex) {
				// it is in use
			}
		}
	}

	/**
	 * Return its directory, which is created when it is first needed, since the product
	 * may not be installed, and deleted in the end.
	 * @return the directory
	 */
	public final synchronized Path directory() {
		if (this.directory == null) {
			try {
				this.directory = Files.createTempDirectory(this.name + "-");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return this.directory;
	}

	public final int port() {
		return this.port;
	}

	/**
	 * Start the program, in {@link #directory()} and under {@link #name()}.
	 * @return the program
	 */
	protected abstract Program launch();

	/**
	 * Return whether the program serves. By default, it does when it accepts connections.
	 * @return whether it is ready
	 */
	protected boolean isReady() {
		return accepts(this.port);
	}

	protected static boolean accepts(int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	protected final String name() {
		return this.name;
	}

	/**
	 * Start, and wait until it serves.
	 */
	public final void start() {
		Program started = launch();
		this.program = started;
		await().pollInterval(Duration.ofMillis(100))
			.failFast(this.name + " ended", () -> assertThat(started.isRunning()).as(started::output).isTrue())
			.until(this::isReady);
	}

	/**
	 * Stop, if it runs, and keep its files.
	 */
	public void stop() {
		if (this.program != null) {
			this.program.stop();
			this.program = null;
		}
	}

	/**
	 * Return what it has written since it was created.
	 * @return the output
	 */
	public final String log() {
		try {
			return Files.readString(directory().resolve(this.name + ".log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public synchronized void close() {
		stop();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
