package dev.psat.autoconfigure.health;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.token.TokenSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PsatHealthIndicator}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("psat")
public final class PsatHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "psatHealthIndicator", "psatHealthContributor" })
	PsatHealthIndicator psatHealthIndicator(TokenSource source, PsatProperties properties) {
		return new PsatHealthIndicator(source, properties.isEnabled());
	}

}
