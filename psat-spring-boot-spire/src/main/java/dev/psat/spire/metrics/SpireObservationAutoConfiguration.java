package dev.psat.spire.metrics;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the observations of requests to
 * the SPIRE Server.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnSingleCandidate(SpireIdentity.class)
public final class SpireObservationAutoConfiguration {

	@Bean
	@ConditionalOnSingleCandidate(ObservationRegistry.class)
	@ConditionalOnMissingBean(name = "spireObservations")
	SpireObservations spireObservations(SpireIdentity identity, ObservationRegistry registry) {
		return new SpireObservations(identity, registry);
	}

}
