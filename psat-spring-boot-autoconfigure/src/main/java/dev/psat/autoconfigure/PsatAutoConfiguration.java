package dev.psat.autoconfigure;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.log.LogMessage;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for attestation with a projected
 * service account token.
 * <p>
 * The token source is for SPIRE only, since whoever receives its token can attest as this
 * pod. Give any other system its own projected file and its own source, declared as
 * {@code @Bean(defaultCandidate = false)}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@EnableConfigurationProperties(PsatProperties.class)
public final class PsatAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PsatAutoConfiguration.class);

	// Conditions check beans only, never properties, since AOT processing would freeze
	// them

	/**
	 * Comes first and asks for the source last, so that a missing property is reported
	 * alone, without a word about a missing token.
	 */
	@Bean
	@ConditionalOnMissingBean
	PsatAttestor psatAttestor(PsatProperties properties, ConfigurableListableBeanFactory beanFactory) {
		if (!properties.isEnabled()) {
			return new DisabledAttestor();
		}
		return PsatPropertyRules.attestor(properties, () -> DefaultSource.in(beanFactory));
	}

	@Bean
	@ConditionalOnMissingBean
	TokenSource psatTokenSource(PsatProperties properties) {
		if (!properties.isEnabled()) {
			return new DisabledTokenSource();
		}
		return PsatPropertyRules.sourceBuilder(properties).build();
	}

	/**
	 * A {@code SmartLifecycle} is always created and takes the attestor, so that an
	 * invalid property fails startup before looking for a token, even with lazy
	 * initialization.
	 */
	@Bean
	PsatLifecycle psatLifecycle(PsatProperties properties, ConfigurableListableBeanFactory beanFactory,
			PsatAttestor attestor, ApplicationEventPublisher publisher) {
		if (properties.isEnabled()) {
			PsatPropertyRules.sourceBuilder(properties);
		}
		DefaultSource source = DefaultSource.in(beanFactory);
		TokenSources.checkNames(beanFactory);
		if (properties.isEnabled() && source.replacesOurs()) {
			logger.warn(LogMessage.format("The token source '%s' of the application replaces the default one, "
					+ "so its tokens are sent to the SPIRE Server. If it is meant for another system, "
					+ "declare it as @Bean(defaultCandidate = false).", source.name()));
		}
		return new PsatLifecycle(beanFactory, source.source(), attestor,
				properties.isEnabled() && properties.isFailFast(),
				new TokenEventPublisher(publisher, beanFactory.getBeanClassLoader()));
	}

}
