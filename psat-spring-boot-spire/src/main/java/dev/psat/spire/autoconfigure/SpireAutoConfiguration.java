package dev.psat.spire.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.spire.SpireIdentity;
import dev.psat.token.TokenSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the identity that a SPIRE Server
 * gives.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class)
@ConditionalOnBean({ PsatProperties.class, PsatAttestor.class })
@EnableConfigurationProperties(SpireProperties.class)
public final class SpireAutoConfiguration {

	// Conditions look at beans only, never at properties: AOT processing would freeze
	// them

	@Bean
	@ConditionalOnMissingBean
	SpireIdentity spireIdentity(SpireProperties properties, PsatProperties psatProperties, PsatAttestor attestor,
			ObjectProvider<TokenSource> tokenSource) {
		if (!psatProperties.isEnabled()) {
			return new DisabledIdentity("spire.psat.enabled");
		}
		if (!properties.getServer().isEnabled()) {
			return new DisabledIdentity("spire.psat.server.enabled");
		}
		return SpirePropertyRules.identityBuilder(properties, attestor).tokenSource(tokenSource.getIfUnique()).build();
	}

	/**
	 * A {@code SmartLifecycle} is made in any case, and takes the identity: so a bad
	 * property stops the start under lazy initialization too. Injection would take one of
	 * several by the name of the parameter.
	 */
	@Bean
	SpireLifecycle spireLifecycle(ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher publisher) {
		return new SpireLifecycle(beanFactory, beanFactory.getBean(SpireIdentity.class),
				new SpireEventPublisher(publisher, beanFactory.getBeanClassLoader()));
	}

}
