package dev.psat.spire.http;

import java.util.function.UnaryOperator;

import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.core.Ordered;

/**
 * Prepares the builder bean of reactive clients. Spring Boot applies it to its own bean
 * alone.
 */
final class ConnectorBuilderCustomizer
		implements ClientHttpConnectorBuilderCustomizer<ClientHttpConnectorBuilder<?>>, Ordered {

	private final int order;

	private final UnaryOperator<ClientHttpConnectorBuilder<?>> preparation;

	/**
	 * Create a customizer.
	 * @param order the order among those of the application
	 * @param preparation prepares a builder of its library, and returns others as they
	 * are
	 */
	ConnectorBuilderCustomizer(int order, UnaryOperator<ClientHttpConnectorBuilder<?>> preparation) {
		this.order = order;
		this.preparation = preparation;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public ClientHttpConnectorBuilder<?> customize(ClientHttpConnectorBuilder<?> builder) {
		return this.preparation.apply(builder);
	}

}
