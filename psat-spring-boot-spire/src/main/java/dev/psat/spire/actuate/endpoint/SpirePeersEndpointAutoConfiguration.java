package dev.psat.spire.actuate.endpoint;

import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the endpoint {@code spirepeers}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(SpirePeersEndpoint.class)
@ConditionalOnBean(SpireWiring.class)
@RegisterReflectionForBinding(SpirePeersDescriptor.class)
public final class SpirePeersEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SpirePeersEndpoint spirePeersEndpoint(SpireWiring wiring) {
		return new SpirePeersEndpoint(wiring.bundle().peers(), wiring.peers()::neverSeen);
	}

}
