package dev.psat.spire.http;

import java.io.IOException;
import java.net.URI;

import dev.psat.spire.ssl.SvidSslBundle;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Creates the requests of the client of the JDK that is current.
 *
 * @param factories provides the factory of that client
 */
record JdkRequestFactory(
		ClientRenewal<? extends ClientHttpRequestFactory> factories) implements ClientHttpRequestFactory {

	static ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> prepare(
			JdkClientHttpRequestFactoryBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? new JdkRequestFactory(renewal(builder, settings, bundle)) : builder.build(settings);
	}

	private static ClientRenewal<? extends ClientHttpRequestFactory> renewal(JdkClientHttpRequestFactoryBuilder builder,
			HttpClientSettings settings, SvidSslBundle bundle) {
		return new ClientRenewal<>(bundle,
				(context) -> builder.build(settings.withSslBundle(new ContextSslBundle(bundle, context))));
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		return this.factories.current().createRequest(uri, method);
	}

}
