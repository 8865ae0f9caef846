package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

final class GrpcEndpoint {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final String host;

	private final ServerTls tls;

	private final Connections connections;

	private final List<ServerServiceDefinition> services;

	private final Duration connectionAge;

	private final ExecutorService executor;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("simulated-spire-server-io", true), NioIoHandler.newFactory());

	private final OwnPort ownPort = new OwnPort();

	private int port;

	private @Nullable Server server;

	private volatile @Nullable ServerChannel channel;

	GrpcEndpoint(String host, ServerTls tls, Connections connections, Duration connectionAge, ExecutorService executor,
			List<ServerServiceDefinition> services, ServerInterceptor... interceptors) {
		this.host = host;
		this.tls = tls;
		this.connections = connections;
		this.connectionAge = connectionAge;
		this.executor = executor;
		this.services = services.stream()
			.map((service) -> ServerInterceptors.interceptForward(service, interceptors))
			.toList();
	}

	synchronized void start(int wantedPort) {
		Assert.state(this.server == null, "The simulated SPIRE Server is already running");
		InetSocketAddress address = this.ownPort.hold(new InetSocketAddress(this.host, wantedPort));
		NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
			.sslContext(this.tls)
			.channelFactory(this::newChannel)
			.bossEventLoopGroup(this.eventLoops)
			.workerEventLoopGroup(this.eventLoops)
			.executor(this.executor)
			.maxConnectionAge(this.connectionAge.toNanos(), TimeUnit.NANOSECONDS);
		this.services.forEach(builder::addService);
		try {
			Server started = OwnPort.listen(builder, address);
			this.port = started.getPort();
			this.server = started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ServerChannel newChannel() {
		ServerChannel created = this.connections.listening(new NioServerSocketChannel());
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

	/** gRPC must not say a word, as at the end of a process. */
	private void breakConnections() {
		ServerChannel listening = this.channel;
		if (listening != null) {
			Connections.close(listening);
		}
		this.connections.abortTo(new InetSocketAddress(this.host, this.port));
	}

	synchronized boolean isRunning() {
		return this.server != null;
	}

	synchronized int port() {
		return this.port;
	}

	void close() {
		this.ownPort.release();
		this.eventLoops.shutdownGracefully(0, LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS).syncUninterruptibly();
	}

}
