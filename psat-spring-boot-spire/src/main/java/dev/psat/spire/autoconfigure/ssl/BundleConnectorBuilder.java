package dev.psat.spire.autoconfigure.ssl;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;

import dev.psat.spire.SpiffeSslBundle;

/**
 * Builds a client with a {@link SpiffeSslBundle} in a way of its own, and every other
 * client as the application does.
 *
 * @param <T> the type of connectors
 */
final class BundleConnectorBuilder<T extends ClientHttpConnector> implements ClientHttpConnectorBuilder<T> {

	private final ClientHttpConnectorBuilder<T> builder;

	private final Function<SpiffeSslBundle, ClientHttpConnectorBuilder<T>> bundleBuilder;

	/**
	 * Create a builder.
	 * @param builder the builder of the application
	 * @param bundleBuilder returns the builder for a bundle
	 */
	BundleConnectorBuilder(ClientHttpConnectorBuilder<T> builder,
			Function<SpiffeSslBundle, ClientHttpConnectorBuilder<T>> bundleBuilder) {
		this.builder = builder;
		this.bundleBuilder = bundleBuilder;
	}

	@Override
	public T build(@Nullable HttpClientSettings settings) {
		if (settings != null && settings.sslBundle() instanceof SpiffeSslBundle bundle) {
			return this.bundleBuilder.apply(bundle).build(settings);
		}
		return this.builder.build(settings);
	}

}
