package dev.psat.autoconfigure;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;

/**
 * Callback interface that can be implemented by beans that wish to customize the
 * {@link TokenSourceBuilder} of the default token source, before the source is built with
 * it. What a customizer sets takes precedence over properties. It is not called if there
 * is no such source: if attestation is disabled, if the application declares the default
 * {@link TokenSource} itself, or if the identity comes from the Workload API.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenSourceBuilderCustomizer {

	/**
	 * Customize the builder.
	 * @param builder the builder, which has the values of the properties
	 */
	void customize(TokenSourceBuilder builder);

}
