package dev.psat.benchmarks.spire.attest;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import com.google.protobuf.Message;
import dev.psat.spire.client.ServerAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The least that gRPC needs of the JDK's {@code HttpClient}, which is what our client
 * uses too: a frame each way, and nothing for what can go wrong but a deadline.
 */
final class HttpClientTransport implements Transport {

	private static final int HEADER = 5;

	private static final long LONGEST_CALL = 10;

	/** For all connections of an attestation, like those of our client. */
	private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), HttpClientTransport::daemon);

	private final Sender sender;

	private HttpClientTransport(Sender sender) {
		this.sender = sender;
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "bare-transport");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Return the transport of a client that does not wait forever. The timeout of a
	 * request ends with the headers of its response, so that a deadline for the body
	 * takes a future.
	 * @return the transport
	 */
	static HttpClientTransport withDeadline() {
		return new HttpClientTransport(
				(client, request) -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
					.get(LONGEST_CALL, TimeUnit.SECONDS));
	}

	static HttpClientTransport withoutDeadline() {
		return new HttpClientTransport(
				(client, request) -> client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
	}

	@Override
	public String name() {
		return "JDK's `HttpClient`";
	}

	@Override
	public Connection open(ServerAddress server, X509ExtendedTrustManager trust, @Nullable X509ExtendedKeyManager key)
			throws Exception {
		HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.proxy(HttpClient.Builder.NO_PROXY)
			.executor(this.threads)
			.sslContext(Tls.context(trust, key))
			.sslParameters(Tls.parameters())
			.build();
		return new HttpConnection(client, server, this.sender);
	}

	private record HttpConnection(HttpClient client, ServerAddress server, Sender sender) implements Connection {

		@Override
		public <Q extends Message, A extends Message> A call(Call<Q, A> call, Q request) throws Exception {
			byte[] message = request.toByteArray();
			byte[] frame = ByteBuffer.allocate(HEADER + message.length)
				.put((byte) 0)
				.putInt(message.length)
				.put(message)
				.array();
			HttpResponse<byte[]> response = this.sender.send(this.client,
					HttpRequest.newBuilder(URI.create("https://" + this.server + "/" + call.name()))
						.header("content-type", "application/grpc")
						.header("te", "trailers")
						.POST(HttpRequest.BodyPublishers.ofByteArray(frame))
						.build());
			Assert.state(response.body().length >= HEADER,
					() -> "%s was refused: %s".formatted(call.name(), response.headers().map()));
			byte[] answer = Arrays.copyOfRange(response.body(), HEADER, response.body().length);
			return parse(call, answer);
		}

		@SuppressWarnings("unchecked")
		private static <A extends Message> A parse(Call<?, A> call, byte[] answer) throws Exception {
			return (A) call.answer().getParserForType().parseFrom(answer);
		}

		/**
		 * From JDK 21 on. Before, the collector does it.
		 */
		@Override
		public void close() throws Exception {
			try {
				HttpClient.class.getMethod("shutdownNow").invoke(this.client);
			}
			catch (NoSuchMethodException ex) {
				// before JDK 21
			}
		}

	}

	private interface Sender {

		HttpResponse<byte[]> send(HttpClient client, HttpRequest request) throws Exception;

	}

}
