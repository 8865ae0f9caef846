package dev.psat.autoconfigure.health;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.token.TokenSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PsatHealthIndicator}: one
 * for the default source and one for each additional source that is defined by then,
 * which is why this comes late.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean({ PsatProperties.class, PsatAttestor.class })
@ConditionalOnSingleCandidate(TokenSource.class)
@Import(FurtherHealthRegistrar.class)
public final class PsatHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("psat")
	@ConditionalOnMissingBean(name = { "psatHealthIndicator", "psatHealthContributor" })
	PsatHealthIndicator psatHealthIndicator(TokenSource source, PsatAttestor attestor, PsatProperties properties,
			ObjectProvider<TokenHalf> declared) {
		if (!TokenHalf.of(declared).needed()) {
			return PsatHealthIndicator.withoutToken();
		}
		return new PsatHealthIndicator(source, attestor, properties.isEnabled());
	}

}
