package dev.psat.spire.client;

import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection to one address of the server. It has an HTTP client to itself, which
 * reconnects after the server has sent GOAWAY or the JDK has closed an idle connection.
 */
final class Connection {

	/**
	 * How much longer an HTTP client waits that nobody waits for any more.
	 */
	private static final Duration LONGER = Duration.ofSeconds(2);

	private final ServerAddress server;

	private final String userAgent;

	private final HttpClient client;

	private final Timeouts timeouts;

	// the last one; not a plain field, since the HTTP client references it, and
	// JDK 17 closes a client only once nothing references that client, not even itself
	private final AtomicReference<Handshake> handshake = new AtomicReference<>(new Handshake());

	// of the address that is tried
	private volatile Liveness liveness = new Liveness();

	// arbitrary until the first one is tried
	private volatile InetAddress address = InetAddress.getLoopbackAddress();

	Connection(ServerAddress server, ChannelTls tls, String userAgent, Executor executor, Timeouts timeouts) {
		this.server = server;
		this.userAgent = userAgent;
		this.timeouts = timeouts;
		AtomicReference<Handshake> handshake = this.handshake;
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.proxy(HttpClient.Builder.NO_PROXY)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(timeouts.both().plus(LONGER))
			.sslContext(FreshSslContext.of(() -> tls.context(handshake.get().checked())))
			.sslParameters(tls.parameters(() -> handshake.get().begun().complete(null)))
			.executor(executor)
			.build();
	}

	/**
	 * Connect to an address and send a call there. Must not be used until a call that was
	 * sent to another address has failed.
	 * @param address the address
	 * @param where the address, with those that were passed over
	 * @param call the call
	 * @return the exchange
	 */
	Exchange open(InetAddress address, String where, GrpcCall call) {
		this.address = address;
		this.liveness = new Liveness();
		this.handshake.set(new Handshake());
		return new Exchange(this, true, where, (handler) -> this.client.sendAsync(request(call), handler));
	}

	/**
	 * Send a call to the address to which the connection was opened.
	 * @param call the call
	 * @return the exchange
	 */
	Exchange send(GrpcCall call) {
		return new Exchange(this, false, this.address.getHostAddress(),
				(handler) -> this.client.sendAsync(request(call), handler));
	}

	Handshake handshake() {
		return this.handshake.get();
	}

	Liveness liveness() {
		return this.liveness;
	}

	InetSocketAddress address() {
		return new InetSocketAddress(this.address, this.server.port());
	}

	private HttpRequest request(GrpcCall call) {
		String literal = new ServerAddress(this.address.getHostAddress(), this.server.port()).toString();
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

	/**
	 * Close the connection at once. The same restriction applies before JDK 21.
	 */
	void close() {
		invoke("shutdownNow");
	}

	/**
	 * Return whether this JDK can close a connection.
	 */
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
