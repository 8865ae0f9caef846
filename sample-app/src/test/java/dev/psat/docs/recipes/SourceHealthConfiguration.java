package dev.psat.docs.recipes;

import dev.psat.health.PsatHealthIndicator;
import dev.psat.token.TokenSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// tag::health[]
@Configuration(proxyBeanMethods = false)
class SourceHealthConfiguration {

	@Bean
	PsatHealthIndicator inventoryTokenHealthIndicator(@Qualifier("inventoryTokenSource") TokenSource source) {
		return new PsatHealthIndicator(source, true);
	}

}
// end::health[]
