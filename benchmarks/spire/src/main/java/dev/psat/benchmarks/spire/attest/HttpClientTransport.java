package dev.psat.benchmarks.spire.attest;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import com.google.protobuf.Message;
import dev.psat.spire.client.ServerAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The least that gRPC needs of the JDK's {@code HttpClient}, which is what our client
 * uses too: a frame each way, and nothing for what can go wrong.
 */
final class HttpClientTransport implements Transport {

	private static final int HEADER = 5;

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
			.sslContext(Tls.context(trust, key))
			.sslParameters(Tls.parameters())
			.build();
		return new HttpConnection(client, server);
	}

	private record HttpConnection(HttpClient client, ServerAddress server) implements Connection {

		@Override
		public <Q extends Message, A extends Message> A call(Call<Q, A> call, Q request) throws Exception {
			byte[] message = request.toByteArray();
			byte[] frame = ByteBuffer.allocate(HEADER + message.length)
				.put((byte) 0)
				.putInt(message.length)
				.put(message)
				.array();
			HttpResponse<byte[]> response = this.client
				.send(HttpRequest.newBuilder(URI.create("https://" + this.server + "/" + call.name()))
					.header("content-type", "application/grpc")
					.header("te", "trailers")
					.POST(HttpRequest.BodyPublishers.ofByteArray(frame))
					.build(), HttpResponse.BodyHandlers.ofByteArray());
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
			List<String> methods = Arrays.stream(HttpClient.class.getMethods())
				.map((method) -> method.getName())
				.filter("shutdownNow"::equals)
				.toList();
			for (String method : methods) {
				HttpClient.class.getMethod(method).invoke(this.client);
			}
		}

	}

}
