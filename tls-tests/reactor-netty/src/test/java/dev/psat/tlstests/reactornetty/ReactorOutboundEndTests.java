package dev.psat.tlstests.reactornetty;

import java.util.function.Function;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.OutboundEndContract;
import org.junit.jupiter.api.Nested;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The end of connections of clients of Reactor Netty, as Spring Boot builds them.
 */
@Matrix
class ReactorOutboundEndTests {

	/**
	 * With a single connection, since one may be free again only after the call that used
	 * it has returned, and without a limit to those who wait for it meanwhile.
	 */
	private static HttpClient separate() {
		return HttpClient
			.create(ConnectionProvider.builder("separate").maxConnections(1).pendingAcquireMaxCount(-1).build());
	}

	/**
	 * Reactor Netty gives up a connection whose answer is there before it has noticed
	 * that the request was sent.
	 */
	abstract static class Contract extends OutboundEndContract {

		Contract(Function<SslBundle, Call> clients) {
			super(clients);
		}

		@Override
		protected boolean keepsConnections() {
			return false;
		}

	}

	@Nested
	class BlockingClient extends Contract {

		BlockingClient() {
			super(BlockingClient::client);
		}

		static Call client(SslBundle bundle) {
			return Call.of(RestClient.builder()
				.requestFactory(ClientHttpRequestFactoryBuilder.reactor()
					.withHttpClientFactory(ReactorOutboundEndTests::separate)
					.with((builder) -> SpiffeHttpClients.prepare(builder, (SvidSslBundle) bundle))
					.build())
				.build());
		}

	}

	@Nested
	class ReactiveClient extends Contract {

		ReactiveClient() {
			super(ReactiveClient::client);
		}

		static Call client(SslBundle bundle) {
			return Call.of(WebClient.builder()
				.clientConnector(ClientHttpConnectorBuilder.reactor()
					.withHttpClientFactory(ReactorOutboundEndTests::separate)
					.withHttpClientCustomizer((client) -> client.protocol(HttpProtocol.H2, HttpProtocol.HTTP11))
					.with((builder) -> SpiffeHttpClients.prepare(builder, (SvidSslBundle) bundle))
					.build())
				.build());
		}

		@Override
		protected boolean speaksHttp2() {
			return true;
		}

	}

}
