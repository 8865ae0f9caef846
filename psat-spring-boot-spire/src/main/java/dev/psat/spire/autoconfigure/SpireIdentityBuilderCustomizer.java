package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.server.SpireIdentityBuilder;

/**
 * Callback interface that can be implemented by beans that wish to customize the
 * {@link SpireIdentityBuilder} of the identity that a SPIRE Server issues, before the
 * identity is built with it. What a customizer sets takes precedence over properties. It
 * is not called if there is no such identity: if it is disabled, if the application
 * declares a {@link SpireIdentity} itself, or if the identity comes from the Workload
 * API.
 *
 * @since 0.1.0
 * @see WorkloadIdentityBuilderCustomizer
 */
@FunctionalInterface
public interface SpireIdentityBuilderCustomizer {

	/**
	 * Customize the builder.
	 * @param builder the builder, which has the values of the properties
	 */
	void customize(SpireIdentityBuilder builder);

}
