package dev.psat.spire.health;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link SpireHealthIndicator}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("spire")
@ConditionalOnSingleCandidate(SpireIdentity.class)
public final class SpireHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "spireHealthIndicator", "spireHealthContributor" })
	SpireHealthIndicator spireHealthIndicator(SpireIdentity identity) {
		return new SpireHealthIndicator(identity);
	}

}
