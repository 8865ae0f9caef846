package dev.psat.spire.client;

import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A connection to one address of the server. It has an HTTP client to itself, which
 * reconnects after the server has sent GOAWAY or the JDK has closed an idle connection.
 */
final class Connection {

	/** How much longer an HTTP client waits that nobody waits for any more. */
	private static final Duration LONGER = Duration.ofSeconds(2);

	private final InetSocketAddress address;

	private final String userAgent;

	private final HttpClient client;

	private final Timeouts timeouts;

	private final Handshake handshake = new Handshake();

	private final Liveness liveness = new Liveness();

	Connection(InetSocketAddress address, ChannelTls tls, String userAgent, Executor executor, Timeouts timeouts) {
		this.address = address;
		this.userAgent = userAgent;
		this.timeouts = timeouts;
		// what the HTTP client references must not lead to it: JDK 17 closes a client
		// only once nothing references that client, not even itself
		Handshake handshake = this.handshake;
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.proxy(HttpClient.Builder.NO_PROXY)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(timeouts.both().plus(LONGER))
			.sslContext(FreshSslContext.of(() -> tls.context(handshake.checked())))
			.sslParameters(tls.parameters(() -> handshake.begun().complete(null)))
			.executor(executor)
			.build();
	}

	Exchange open(String where, GrpcCall call) {
		return new Exchange(this, true, where, (handler) -> this.client.sendAsync(request(call), handler));
	}

	Exchange send(GrpcCall call) {
		return new Exchange(this, false, this.address.getAddress().getHostAddress(),
				(handler) -> this.client.sendAsync(request(call), handler));
	}

	Handshake handshake() {
		return this.handshake;
	}

	Liveness liveness() {
		return this.liveness;
	}

	InetSocketAddress address() {
		return this.address;
	}

	private HttpRequest request(GrpcCall call) {
		String literal = new ServerAddress(this.address.getAddress().getHostAddress(), this.address.getPort())
			.toString();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://" + literal + call.path()))
			.header("content-type", "application/grpc")
			.header("te", "trailers")
			.header("user-agent", this.userAgent)
			.header("grpc-timeout", call.serverDeadline(this.timeouts.both()).grpcTimeout())
			.POST(BodyPublishers.ofByteArray(call.frame()));
		if (call.late() != null) {
			// nobody else ends it
			request.timeout(Duration.ofNanos(Math.max(1, call.deadline().remaining())));
		}
		return request.build();
	}

	/**
	 * Close the connection once the calls in flight have ended. Before JDK 21, that
	 * happens when the connection is garbage collected.
	 */
	void retire() {
		invoke("shutdown");
	}

	/** Close the connection at once. The same restriction applies before JDK 21. */
	void close() {
		invoke("shutdownNow");
	}

	/** Return whether this JDK can close a connection. */
	static boolean isClosable() {
		return AutoCloseable.class.isAssignableFrom(HttpClient.class);
	}

	private void invoke(String method) {
		if (!isClosable()) {
			return;
		}
		try {
			HttpClient.class.getMethod(method).invoke(this.client);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
