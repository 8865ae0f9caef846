package dev.psat.tlstests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.psat.support.AnyCertificate;
import org.jspecify.annotations.Nullable;

/**
 * The client of the JDK, which nobody has told of the bundle.
 */
public final class JdkKeptClient implements KeptClient {

	private final HttpClient client;

	private final int port;

	/**
	 * Create a client.
	 * @param port the port on the loopback interface
	 * @param credential the credential to present
	 * @param version the only TLS version to use
	 * @param http2 whether to use HTTP/2
	 */
	public JdkKeptClient(int port, Credential credential, TlsVersion version, boolean http2) {
		this(port, credential.sslContext(new AnyCertificate()), version, http2);
	}

	/**
	 * Create a client.
	 * @param port the port on the loopback interface
	 * @param context the context of TLS
	 * @param version the only TLS version to use
	 * @param http2 whether to use HTTP/2
	 */
	public JdkKeptClient(int port, SSLContext context, TlsVersion version, boolean http2) {
		SSLParameters parameters = new SSLParameters();
		parameters.setProtocols(new String[] { version.protocol() });
		this.port = port;
		this.client = HttpClient.newBuilder()
			.sslContext(context)
			.sslParameters(parameters)
			.version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
			.connectTimeout(PATIENCE)
			.build();
	}

	/**
	 * Return what makes clients of a server, for each version of HTTP.
	 * @param port the port on the loopback interface
	 * @return by its name, what makes a client
	 */
	public static Map<String, Function<SSLContext, KeptClient>> ofBothVersions(int port) {
		return Map.of("HTTP_1_1", (context) -> new JdkKeptClient(port, context, TlsVersion.TLS_1_3, false), "HTTP_2",
				(context) -> new JdkKeptClient(port, context, TlsVersion.TLS_1_3, true));
	}

	@Override
	public String call() throws Exception {
		return this.client.send(request("/greeting", PATIENCE), BodyHandlers.ofString()).body();
	}

	@Override
	public String post() throws Exception {
		HttpRequest post = HttpRequest.newBuilder(request("/greeting", PATIENCE), (name, value) -> true)
			.POST(HttpRequest.BodyPublishers.ofString("you"))
			.build();
		return this.client.send(post, BodyHandlers.ofString()).body();
	}

	@Override
	public Begun begin() {
		return new Begun(this.client.sendAsync(request("/slow", LONG_PATIENCE), BodyHandlers.ofString())
			.thenApply(HttpResponse::body));
	}

	/**
	 * Begin a call that changes something.
	 */
	Begun beginPost(String path) {
		HttpRequest post = HttpRequest.newBuilder(request(path, LONG_PATIENCE), (name, value) -> true)
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		return new Begun(this.client.sendAsync(post, BodyHandlers.ofString()).thenApply(HttpResponse::body));
	}

	@Override
	public Begun stream() {
		Begun begun = new Begun();
		this.client.sendAsync(request("/stream", LONG_PATIENCE), BodyHandlers.fromLineSubscriber(new Lines(begun)))
			.whenComplete((response, failure) -> complete(begun, failure));
		return begun;
	}

	@Override
	public Begun webSocket() {
		Begun begun = new Begun();
		this.client.newWebSocketBuilder()
			.connectTimeout(PATIENCE)
			.buildAsync(URI.create("wss://localhost:%d/socket".formatted(this.port)), new Messages(begun))
			.whenComplete((socket, failure) -> {
				if (failure != null) {
					begun.end().completeExceptionally(failure);
				}
				else {
					begun.cancelledBy(socket::abort);
				}
			});
		return begun;
	}

	private HttpRequest request(String path, Duration patience) {
		return HttpRequest.newBuilder(URI.create("https://localhost:%d%s".formatted(this.port, path)))
			.timeout(patience)
			.build();
	}

	private static void complete(Begun begun, @Nullable Throwable failure) {
		if (failure != null) {
			begun.end().completeExceptionally(failure);
		}
		else {
			begun.end().complete("ended");
		}
	}

	/**
	 * The JDK ends it once nothing refers to it, or its connections idle.
	 */
	@Override
	public void close() {
		if (Runtime.version().feature() >= 21) {
			try {
				HttpClient.class.getMethod("shutdownNow").invoke(this.client);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private record Lines(Begun begun) implements Flow.Subscriber<String> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.begun.cancelledBy(subscription::cancel);
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(String line) {
			this.begun.received();
		}

		@Override
		public void onError(Throwable failure) {
			this.begun.end().completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.begun.end().complete("ended");
		}

	}

	private record Messages(Begun begun) implements WebSocket.Listener {

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.begun.received();
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
			this.begun.received();
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			this.begun.end().complete("closed with " + status);
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable failure) {
			this.begun.end().completeExceptionally(failure);
		}

	}

}
