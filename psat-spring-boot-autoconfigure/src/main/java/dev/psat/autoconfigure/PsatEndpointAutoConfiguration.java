package dev.psat.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.token.TokenSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PsatEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(PsatEndpoint.class)
public final class PsatEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PsatEndpoint psatEndpoint(TokenSource source, PsatProperties properties) {
		return new PsatEndpoint(source, properties.isEnabled(), properties.getCluster());
	}

}
