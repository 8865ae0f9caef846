package dev.psat.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatProperties;
import dev.psat.token.TokenSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of the token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PsatAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public final class PsatMetricsAutoConfiguration {

	@Bean
	LookMeters psatLookMeters() {
		return new LookMeters();
	}

	@Bean
	TokenMeters psatTokenMeters(TokenSource source, PsatProperties properties) {
		return new TokenMeters(source, properties.isEnabled(), properties.getAudience());
	}

}
