package dev.psat.spire.http;

import java.net.URI;
import java.util.function.Function;

import dev.psat.spire.ssl.SvidSslBundle;
import reactor.core.publisher.Mono;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Connects by the client of the JDK that is current.
 *
 * @param connectors provides the connector of that client
 */
record JdkConnector(ClientRenewal<? extends ClientHttpConnector> connectors) implements ClientHttpConnector {

	static ClientHttpConnectorBuilder<ClientHttpConnector> prepare(JdkClientHttpConnectorBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? new JdkConnector(renewal(builder, settings, bundle)) : builder.build(settings);
	}

	private static ClientRenewal<? extends ClientHttpConnector> renewal(JdkClientHttpConnectorBuilder builder,
			HttpClientSettings settings, SvidSslBundle bundle) {
		return new ClientRenewal<>(bundle,
				(context) -> builder.build(settings.withSslBundle(new ContextSslBundle(bundle, context))));
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return this.connectors.current().connect(method, uri, requestCallback);
	}

}
