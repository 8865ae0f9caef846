package dev.psat.spire.http;

import java.util.function.Function;

import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * {@link ClientHttpConnectorBuilder} that treats clients with a {@link SvidSslBundle}
 * specially, and leaves all others to the application's builder.
 *
 * @param <T> the type of connectors
 */
final class BundleConnectorBuilder<T extends ClientHttpConnector> implements ClientHttpConnectorBuilder<T> {

	private final ClientHttpConnectorBuilder<T> builder;

	private final Function<SvidSslBundle, ClientHttpConnectorBuilder<T>> bundleBuilder;

	/**
	 * Create a builder.
	 * @param builder the builder of the application
	 * @param bundleBuilder provides the builder for a bundle
	 */
	BundleConnectorBuilder(ClientHttpConnectorBuilder<T> builder,
			Function<SvidSslBundle, ClientHttpConnectorBuilder<T>> bundleBuilder) {
		this.builder = builder;
		this.bundleBuilder = bundleBuilder;
	}

	@Override
	public T build(@Nullable HttpClientSettings settings) {
		if (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle) {
			return this.bundleBuilder.apply(bundle).build(settings);
		}
		return this.builder.build(settings);
	}

}
