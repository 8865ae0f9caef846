package dev.psat.spire.actuate.endpoint;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the endpoint {@code spire}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(SpireEndpoint.class)
@ConditionalOnSingleCandidate(SpireIdentity.class)
@RegisterReflectionForBinding(SpireDescriptor.class)
public final class SpireEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SpireEndpoint spireEndpoint(SpireIdentity identity, ObjectProvider<SpireWiring> wiring) {
		return new SpireEndpoint(identity, wiring.getIfUnique());
	}

}
