package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.workload.WorkloadIdentityBuilder;

/**
 * Callback interface that can be implemented by beans that wish to customize the
 * {@link WorkloadIdentityBuilder} of the identity that comes from the Workload API,
 * before the identity is built with it. What a customizer sets takes precedence over
 * properties. It is not called if there is no such identity: if it is disabled, if the
 * application declares a {@link SpireIdentity} itself, or if a SPIRE Server issues the
 * identity.
 *
 * @since 0.1.0
 * @see SpireIdentityBuilderCustomizer
 */
@FunctionalInterface
public interface WorkloadIdentityBuilderCustomizer {

	/**
	 * Customize the builder.
	 * @param builder the builder, which has the values of the properties
	 */
	void customize(WorkloadIdentityBuilder builder);

}
