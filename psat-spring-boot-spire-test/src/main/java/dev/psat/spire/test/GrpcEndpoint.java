package dev.psat.spire.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The port: gRPC over TLS on the loopback interface, always the same one from the first
 * start on.
 */
final class GrpcEndpoint {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final ServerTls tls;

	private final Connections connections;

	private final List<ServerServiceDefinition> services;

	private final Duration connectionAge;

	private final ExecutorService executor;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("simulated-spire-server-io", true), NioIoHandler.newFactory());

	private int port;

	private @Nullable Server server;

	GrpcEndpoint(ServerTls tls, Connections connections, Duration connectionAge, ExecutorService executor,
			List<ServerServiceDefinition> services, ServerInterceptor... interceptors) {
		this.tls = tls;
		this.connections = connections;
		this.connectionAge = connectionAge;
		this.executor = executor;
		this.services = services.stream()
			.map((service) -> ServerInterceptors.interceptForward(service, interceptors))
			.toList();
	}

	synchronized void start() {
		Assert.state(this.server == null, "The simulated SPIRE Server runs already");
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
		NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
			.sslContext(this.tls)
			.channelFactory(() -> new ListeningChannel(this.connections))
			.bossEventLoopGroup(this.eventLoops)
			.workerEventLoopGroup(this.eventLoops)
			.executor(this.executor)
			.maxConnectionAge(this.connectionAge.toNanos(), TimeUnit.NANOSECONDS);
		this.services.forEach(builder::addService);
		try {
			Server started = builder.build().start();
			this.port = started.getPort();
			this.server = started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Stop listening, and break every connection.
	 */
	synchronized void stop() {
		Server running = this.server;
		if (running == null) {
			return;
		}
		this.server = null;
		running.shutdownNow();
		this.connections.abort();
		try {
			running.awaitTermination(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	synchronized int port() {
		return this.port;
	}

	void close() {
		stop();
		this.eventLoops.shutdownGracefully(0, LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS).syncUninterruptibly();
	}

}
