package dev.psat.spire.http;

import java.util.function.UnaryOperator;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.core.Ordered;

/**
 * Prepares the builder bean of blocking clients. Spring Boot applies it to its own bean
 * alone.
 */
final class RequestFactoryBuilderCustomizer
		implements ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>>, Ordered {

	private final int order;

	private final UnaryOperator<ClientHttpRequestFactoryBuilder<?>> preparation;

	/**
	 * Create a customizer.
	 * @param order the order among those of the application
	 * @param preparation prepares a builder of its library, and returns others as they
	 * are
	 */
	RequestFactoryBuilderCustomizer(int order, UnaryOperator<ClientHttpRequestFactoryBuilder<?>> preparation) {
		this.order = order;
		this.preparation = preparation;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public ClientHttpRequestFactoryBuilder<?> customize(ClientHttpRequestFactoryBuilder<?> builder) {
		return this.preparation.apply(builder);
	}

}
