package dev.psat.docs.recipes;

import java.time.Duration;

// tag::customizers[]
import dev.psat.autoconfigure.TokenSourceBuilderCustomizer;
import dev.psat.spire.autoconfigure.SpireIdentityBuilderCustomizer;
import dev.psat.token.LookObserver;
// end::customizers[]

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// tag::customizers[]
@Configuration(proxyBeanMethods = false)
class Customizations {

	@Bean
	TokenSourceBuilderCustomizer looks(LookObserver observer) {
		return (builder) -> builder.observer(observer);
	}

	@Bean
	SpireIdentityBuilderCustomizer refreshes() {
		return (builder) -> builder.refreshInterval(Duration.ofSeconds(2));
	}

}
// end::customizers[]
