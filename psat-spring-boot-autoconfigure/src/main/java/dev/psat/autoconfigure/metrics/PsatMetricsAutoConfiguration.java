package dev.psat.autoconfigure.metrics;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.status.internal.SafeStatus;
import dev.psat.token.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of all token sources.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, PsatProperties.class, PsatAttestor.class })
@ConditionalOnSingleCandidate(TokenSource.class)
public final class PsatMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "psatTokenMeters")
	TokenMeters psatTokenMeters(TokenSource source, PsatAttestor attestor, PsatProperties properties,
			ObjectProvider<TokenHalf> declared, ConfigurableListableBeanFactory beanFactory) {
		boolean needed = TokenHalf.of(declared).needed();
		return new TokenMeters(needed ? source : null,
				() -> properties.isEnabled() && SafeStatus.refusal(attestor) == null, beanFactory);
	}

}
