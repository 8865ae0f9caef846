package dev.psat.spire.http;

import java.io.IOException;
import java.net.URI;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.spire.ssl.SvidSslBundle;
import reactor.core.publisher.Mono;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpResponse;

final class JdkClients {

	private JdkClients() {
	}

	static ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> prepare(
			JdkClientHttpRequestFactoryBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? new RequestFactory(renewal(builder::build, settings, bundle)) : builder.build(settings);
	}

	static ClientHttpConnectorBuilder<ClientHttpConnector> prepare(JdkClientHttpConnectorBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? new Connector(renewal(builder::build, settings, bundle)) : builder.build(settings);
	}

	private static <T> ClientRenewal<T> renewal(Function<HttpClientSettings, T> builder, HttpClientSettings settings,
			SvidSslBundle bundle) {
		return new ClientRenewal<>(bundle,
				(context) -> builder.apply(settings.withSslBundle(new ContextSslBundle(bundle, context))));
	}

	private record RequestFactory(
			ClientRenewal<? extends ClientHttpRequestFactory> factories) implements ClientHttpRequestFactory {

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
			return this.factories.current().createRequest(uri, method);
		}

	}

	private record Connector(ClientRenewal<? extends ClientHttpConnector> connectors) implements ClientHttpConnector {

		@Override
		public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
				Function<? super org.springframework.http.client.reactive.ClientHttpRequest, Mono<Void>> requestCallback) {
			return this.connectors.current().connect(method, uri, requestCallback);
		}

	}

	/** A bundle with another context, for a builder that only takes bundles. */
	private record ContextSslBundle(SslBundle bundle, SSLContext context) implements SslBundle {

		@Override
		public SslStoreBundle getStores() {
			return this.bundle.getStores();
		}

		@Override
		public SslBundleKey getKey() {
			return this.bundle.getKey();
		}

		@Override
		public SslOptions getOptions() {
			return this.bundle.getOptions();
		}

		@Override
		public String getProtocol() {
			return this.bundle.getProtocol();
		}

		@Override
		public SslManagerBundle getManagers() {
			return this.bundle.getManagers();
		}

		@Override
		public SSLContext createSslContext() {
			return this.context;
		}

	}

}
