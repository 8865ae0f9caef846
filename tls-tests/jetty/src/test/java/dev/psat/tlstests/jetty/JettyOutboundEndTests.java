package dev.psat.tlstests.jetty;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.OutboundEndContract;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.ssl.SslBundle;

/**
 * The end of connections of clients of Jetty, as Spring Boot builds them. They have one
 * connection at a time, since they answer before their pool has the last one back, and
 * would open another now and then.
 */
@Matrix
class JettyOutboundEndTests {

	@Nested
	class Client extends OutboundEndContract {

		Client() {
			super((bundle) -> Call.of(ClientHttpRequestFactoryBuilder.jetty()
				.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(1))
				.with(SpiffeHttpClients::prepare), bundle));
		}

	}

	@Nested
	class ClientOfBothProtocols extends OutboundEndContract {

		ClientOfBothProtocols() {
			super((bundle) -> client(bundle, 1));
		}

		static Call client(SslBundle bundle, int connections) {
			return Call.of(ClientHttpRequestFactoryBuilder.jetty()
				.withHttpClientTransportFactory((connector) -> new HttpClientTransportDynamic(connector,
						new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)),
						HttpClientConnectionFactory.HTTP11))
				.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(connections))
				.with(SpiffeHttpClients::prepare), bundle);
		}

		@Override
		protected boolean speaksHttp2() {
			return true;
		}

		/**
		 * Over HTTP/2, Jetty takes what a read throws for the end of the connection.
		 */
		@Override
		protected boolean tellsReasonAtTheEnd() {
			return false;
		}

	}

}
