package dev.psat.spire.autoconfigure.ssl;

import java.util.function.Function;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * {@link BeanPostProcessor} that replaces builders of HTTP clients, regardless of who has
 * declared and customized them.
 *
 * @param <B> the type of the builders
 */
final class ClientBuilderPostProcessor<B> implements BeanPostProcessor {

	private final Class<B> type;

	private final Function<B, Object> replacement;

	/**
	 * Create a post-processor.
	 * @param type the type of the builders
	 * @param replacement creates the replacement of a builder
	 */
	ClientBuilderPostProcessor(Class<B> type, Function<B, Object> replacement) {
		this.type = type;
		this.replacement = replacement;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return this.type.isInstance(bean) ? this.replacement.apply(this.type.cast(bean)) : bean;
	}

}
