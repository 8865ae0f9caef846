package dev.psat.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

import dev.psat.PsatAttestor;
import dev.psat.token.LookObserver;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for attestation with a projected
 * service account token.
 * <p>
 * The token source is for SPIRE only. Whoever receives its token can attest as this pod:
 * give any other system a projected file and a source of its own, declared as
 * {@code @Bean(defaultCandidate = false)}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@EnableConfigurationProperties(PsatProperties.class)
public final class PsatAutoConfiguration {

	// Conditions look at beans only, never at properties: AOT processing would freeze
	// them

	/**
	 * Comes first and asks for the source last, so that a missing property is all that is
	 * told, without a word about a missing token.
	 */
	@Bean
	@ConditionalOnMissingBean
	PsatAttestor psatAttestor(PsatProperties properties, ObjectProvider<TokenSource> source) {
		if (!properties.isEnabled()) {
			return new DisabledAttestor();
		}
		return PsatPropertyRules.attestor(properties, source::getObject);
	}

	@Bean
	@ConditionalOnMissingBean
	TokenSource psatTokenSource(PsatProperties properties, ObjectProvider<LookObserver> observers) {
		if (!properties.isEnabled()) {
			return new DisabledTokenSource();
		}
		TokenSourceBuilder builder = TokenSource.builder(PsatPropertyRules.tokenPath(properties))
			.audience(properties.getAudience().toArray(String[]::new))
			.clockSkew(properties.getClockSkew())
			.watch(properties.getRefresh().isWatch())
			.pollInterval(properties.getRefresh().getPollInterval());
		observers.orderedStream().forEach(builder::observer);
		return builder.build();
	}

	/**
	 * A {@code SmartLifecycle} is made in any case, and takes the attestor: so a bad
	 * property stops the start under lazy initialization too.
	 */
	@Bean
	PsatLifecycle psatLifecycle(PsatProperties properties, ConfigurableListableBeanFactory beanFactory,
			TokenSource source, PsatAttestor attestor, ApplicationEventPublisher publisher) {
		if (properties.isEnabled()) {
			PsatPropertyRules.tokenPath(properties);
		}
		return new PsatLifecycle(beanFactory, source, attestor, properties.isEnabled() && properties.isFailFast(),
				new TokenEventPublisher(publisher, beanFactory.getBeanClassLoader()));
	}

}
