package dev.psat.spire.client;

import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Has an HTTP client to itself, which reconnects after the server has sent GOAWAY or the
 * JDK has closed an idle connection.
 */
final class Connection {

	private final InetSocketAddress address;

	private final String userAgent;

	private final HttpClient client;

	private final Network.Timeouts timeouts;

	private final Handshake handshake = new Handshake();

	/** How often the HTTP client has connected. */
	private final AtomicInteger opened = new AtomicInteger();

	private final Liveness liveness;

	Connection(InetSocketAddress address, ChannelTls tls, String userAgent, Network network) {
		this.address = address;
		this.userAgent = userAgent;
		this.timeouts = network.timeouts();
		this.liveness = new Liveness(network.time());
		// what the HTTP client references must not lead to it: JDK 17 closes a client
		// only once nothing references that client, not even itself
		Handshake handshake = this.handshake;
		AtomicInteger opened = this.opened;
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.proxy(HttpClient.Builder.NO_PROXY)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(this.timeouts.sockets().client())
			.sslContext(tls.freshContexts(handshake.checked(), opened::incrementAndGet))
			.sslParameters(tls.parameters(() -> handshake.begun().complete(null)))
			.executor(network.threads())
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

	/** After the calls in flight; before JDK 21, when it is garbage collected. */
	void retire() {
		invoke("shutdown");
	}

	void close() {
		invoke("shutdownNow");
	}

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

	static final class Exchange implements AutoCloseable {

		private final Connection connection;

		private final boolean first;

		private final String where;

		private final int opened;

		private final AtomicBoolean headers = new AtomicBoolean();

		private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

		private boolean left;

		Exchange(Connection connection, boolean first, String where,
				Function<BodyHandler<Optional<byte[]>>, CompletableFuture<HttpResponse<Optional<byte[]>>>> sender) {
			this.connection = connection;
			this.first = first;
			this.where = where;
			this.opened = connection.opened.get();
			// without the connection, see there
			AtomicBoolean headers = this.headers;
			Liveness liveness = connection.liveness;
			this.response = sender.apply((info) -> {
				headers.set(true);
				liveness.heard();
				return GrpcResponse.body();
			});
		}

		Connection connection() {
			return this.connection;
		}

		boolean isFirst() {
			return this.first;
		}

		/** For a message; for the first exchange, with the addresses tried before. */
		String where() {
			return this.where;
		}

		boolean hasHeaders() {
			return this.headers.get();
		}

		/**
		 * Since it began, the HTTP client has connected again, as after GOAWAY. It may
		 * never complete what it had begun to send by then.
		 */
		boolean isLeftBehind() {
			return !this.first && this.connection.opened.get() != this.opened;
		}

		CompletableFuture<HttpResponse<Optional<byte[]>>> response() {
			return this.response;
		}

		void leave(Consumer<HttpResponse<Optional<byte[]>>> late) {
			this.left = true;
			this.response.thenAccept(late);
		}

		@Override
		public void close() {
			if (!this.left) {
				this.response.cancel(true);
			}
		}

	}

	/**
	 * If nothing is heard, one probe decides for all calls that wait: the connection is
	 * dead if nothing at all is heard after it.
	 */
	static final class Liveness {

		private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();

		private final Time time;

		private volatile boolean heard;

		private volatile long heardAt;

		Liveness(Time time) {
			this.time = time;
			this.heardAt = time.nanos();
		}

		void heard() {
			this.heardAt = this.time.nanos();
			this.heard = true;
			this.probe.set(null);
		}

		boolean isHeard() {
			return this.heard;
		}

		boolean isSilentFor(Duration time) {
			return this.time.nanos() - this.heardAt >= time.toNanos();
		}

		/** Completes when there is something to be known. */
		CompletableFuture<?> probe(Supplier<CompletableFuture<?>> begin) {
			Probe mine = new Probe(this.time.nanos(), new CompletableFuture<>());
			Probe other = this.probe.compareAndExchange(null, mine);
			if (other != null) {
				return other.result();
			}
			begin.get().whenComplete((result, failure) -> {
				if (failure != null) {
					mine.result().completeExceptionally(failure);
				}
				else {
					mine.result().complete(true);
				}
			});
			return mine.result();
		}

		Duration left(Duration patience) {
			Probe probe = this.probe.get();
			return (probe != null) ? patience.minusNanos(this.time.nanos() - probe.begunAt()) : Duration.ZERO;
		}

		boolean isDead(Duration patience) {
			Probe probe = this.probe.get();
			return probe != null && (probe.result().isCompletedExceptionally()
					|| this.time.nanos() - probe.begunAt() >= patience.toNanos());
		}

		/** A probe to which nothing was heard yet. */
		private record Probe(long begunAt, CompletableFuture<Boolean> result) {

		}

	}

}
