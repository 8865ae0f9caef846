package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Listens on a Unix socket, or on a port of the loopback interface, for gRPC in the
 * clear.
 */
final class WorkloadListener {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private static final Duration LOOK = Duration.ofMillis(1);

	private final @Nullable Path socket;

	private final Connections connections;

	private final Setting setting;

	private final ExecutorService executor;

	private final List<ServerServiceDefinition> services;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("simulated-workload-api-io", true), NioIoHandler.newFactory());

	private final OwnPort ownPort = new OwnPort();

	private int port;

	private @Nullable Server server;

	private volatile @Nullable ServerChannel channel;

	WorkloadListener(@Nullable Path socket, Connections connections, Setting setting, ExecutorService executor,
			List<ServerServiceDefinition> services) {
		this.socket = socket;
		this.connections = connections;
		this.setting = setting;
		this.executor = executor;
		this.services = services;
	}

	synchronized void start() {
		Assert.state(this.server == null, "The simulated Workload API is already running");
		try {
			SocketAddress address = prepareAddress();
			NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
				.channelFactory(this::newChannel)
				.bossEventLoopGroup(this.eventLoops)
				.workerEventLoopGroup(this.eventLoops)
				.executor(this.executor)
				.withOption(ChannelOption.SO_BACKLOG, this.setting.backlog())
				.maxConnectionAge(this.setting.connectionAge().toNanos(), TimeUnit.NANOSECONDS)
				.maxConnectionAgeGrace(this.setting.connectionAgeGrace().toNanos(), TimeUnit.NANOSECONDS)
				// Unix sockets do not know what gRPC sets, and Netty would warn of that
				.withChildOption(ChannelOption.SO_KEEPALIVE, (this.socket != null) ? null : true)
				.addServices(this.services);
			Server started = OwnPort.listen(builder, address);
			this.server = started;
			if (this.socket != null) {
				Files.setPosixFilePermissions(this.socket, PosixFilePermissions.fromString("rwxrwxrwx"));
			}
			else {
				this.port = started.getPort();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private SocketAddress prepareAddress() throws IOException {
		if (this.socket == null) {
			return this.ownPort.hold(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		}
		Files.createDirectories(this.socket.toAbsolutePath().getParent());
		Files.deleteIfExists(this.socket);
		return UnixDomainSocketAddress.of(this.socket);
	}

	private ServerChannel newChannel() {
		ServerChannel created = this.connections
			.listening((this.socket != null) ? new NioServerDomainSocketChannel() : new NioServerSocketChannel());
		this.channel = created;
		return created;
	}

	synchronized void stop() {
		Server running = this.server;
		if (running == null) {
			return;
		}
		this.server = null;
		breakConnections();
		running.shutdownNow();
		try {
			running.awaitTermination(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
			this.ownPort.awaitClosed();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Leaves a Unix socket where it is. It refuses connections when this returns. */
	synchronized void kill() {
		Path path = this.socket;
		if (path == null || this.server == null) {
			stop();
			return;
		}
		Path aside = path.resolveSibling(path.getFileName() + "~");
		try {
			Files.move(path, aside);
			stop();
			awaitRefusal(UnixDomainSocketAddress.of(aside));
			Files.move(aside, path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A closed socket ceases to listen once its event loop has looked at its channels.
	 */
	private static void awaitRefusal(UnixDomainSocketAddress address) throws IOException {
		long began = System.nanoTime();
		while (isListening(address) && System.nanoTime() - began < LONGEST_WAIT.toNanos()) {
			LockSupport.parkNanos(LOOK.toNanos());
		}
	}

	private static boolean isListening(UnixDomainSocketAddress address) throws IOException {
		try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			probe.configureBlocking(false);
			probe.connect(address);
			return true;
		}
		catch (ConnectException ex) {
			return false;
		}
		catch (SocketException ex) {
			// The backlog is full
			return true;
		}
	}

	/** gRPC must not say a word, as at the end of a process. */
	private void breakConnections() {
		ServerChannel listening = this.channel;
		if (listening != null) {
			Connections.close(listening);
		}
		this.connections.abort();
	}

	synchronized boolean isRunning() {
		return this.server != null;
	}

	synchronized String address() {
		return (this.socket != null) ? "unix://" + this.socket.toAbsolutePath() : "tcp://127.0.0.1:" + this.port;
	}

	void close() {
		this.ownPort.release();
		this.eventLoops.shutdownGracefully(0, LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS).syncUninterruptibly();
	}

	record Setting(int backlog, Duration connectionAge, Duration connectionAgeGrace) {

	}

}
