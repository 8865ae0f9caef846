package dev.psat.autoconfigure;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.token.TokenSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PsatEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(PsatEndpoint.class)
@ConditionalOnBean({ PsatProperties.class, PsatAttestor.class })
@ConditionalOnSingleCandidate(TokenSource.class)
public final class PsatEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PsatEndpoint psatEndpoint(TokenSource source, PsatAttestor attestor, ConfigurableListableBeanFactory beanFactory,
			PsatProperties properties, ObjectProvider<TokenHalf> declared) {
		if (!TokenHalf.of(declared).needed()) {
			return PsatEndpoint.withoutToken(TokenSources.further(beanFactory));
		}
		return new PsatEndpoint(source, attestor, properties.isEnabled(), properties.getCluster(),
				TokenSources.further(beanFactory));
	}

}
