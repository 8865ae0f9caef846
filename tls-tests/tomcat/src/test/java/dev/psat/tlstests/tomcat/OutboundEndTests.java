package dev.psat.tlstests.tomcat;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.OutboundEndContract;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The end of connections of clients of the JDK and of HttpComponents.
 */
class OutboundEndTests {

	@Matrix
	@Nested
	class SimpleClient extends OutboundEndContract {

		SimpleClient() {
			super((bundle) -> Call.of(ClientHttpRequestFactoryBuilder.simple(), bundle));
		}

		@Override
		protected boolean tellsReasonAtTheEnd() {
			return false;
		}

	}

	@Nested
	class JdkClient extends OutboundEndContract {

		JdkClient() {
			super((bundle) -> Call.jdk(bundle, true));
		}

		@Override
		protected boolean speaksHttp2() {
			return true;
		}

		@Override
		protected boolean noticesEndWhileWaiting() {
			return false;
		}

	}

	@Matrix
	@Nested
	class BlockingHttpComponents extends OutboundEndContract {

		BlockingHttpComponents() {
			super((bundle) -> Call.of(ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare),
					bundle));
		}

		@Override
		protected boolean tellsReasonAtTheEnd() {
			return false;
		}

	}

	@Matrix
	@Nested
	class ReactiveHttpComponents extends OutboundEndContract {

		ReactiveHttpComponents() {
			super(ReactiveHttpComponents::client);
		}

		/**
		 * One may be free again only after the call that used it has returned.
		 */
		static Call client(SslBundle bundle) {
			HttpComponentsClientHttpConnectorBuilder builder = ClientHttpConnectorBuilder.httpComponents()
				.with(SpiffeHttpClients::prepare)
				.withConnectionManagerCustomizer((connections) -> connections.setMaxConnPerRoute(1));
			return Call
				.of(WebClient.builder().clientConnector(builder.build(HttpClientSettings.ofSslBundle(bundle))).build());
		}

		@Override
		protected boolean speaksHttp2() {
			return true;
		}

		@Override
		protected boolean noticesEndWhileWaiting() {
			return false;
		}

	}

}
