package dev.psat.spire.security;

import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.SpireIdentity;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Decoders that are created before their identity.
 */
@ExtendWith(OutputCaptureExtension.class)
class LazyIdentityTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	private final TestJwtAuthority own = new TestJwtAuthority();

	private final TestJwtAuthority partner = new TestJwtAuthority();

	@Test
	void decodersAskTheIdentityWhenThereIsATokenAndNotBefore(CapturedOutput output) {
		FederatedIdentity identity = new FederatedIdentity();
		identity.trust(this.own.published());
		identity.federate(FederatedIdentity.PARTNER, this.partner.published());
		AtomicInteger created = new AtomicInteger();
		this.contextRunner.withBean(SpireIdentity.class, () -> {
			created.incrementAndGet();
			return identity;
		}, (definition) -> definition.setLazyInit(true)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(created).hasValue(0);
			String token = this.partner.issueTo(FederatedIdentity.BILLING);
			assertThat(context.getBean(JwtDecoder.class).decode(token).getSubject())
				.isEqualTo(FederatedIdentity.BILLING);
			assertThat(context.getBean(ReactiveJwtDecoder.class).decode(token).blockOptional()).isPresent();
			assertThat(created).hasValue(1);
			assertThat(output).doesNotContain("A JWT decoder");
		});
	}

	@Test
	void tokenIsNotToBlameForAnIdentityThatCannotBeCreated() {
		this.contextRunner.withBean(SpireIdentity.class, () -> {
			throw new IllegalStateException("There is none in this test");
		}, (definition) -> definition.setLazyInit(true)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertUndecided(() -> context.getBean(JwtDecoder.class).decode(this.own.issue()));
			assertUndecided(() -> context.getBean(ReactiveJwtDecoder.class).decode(this.own.issue()).block());
		});
	}

	private static void assertUndecided(ThrowingCallable decode) {
		assertThatExceptionOfType(JwtException.class).isThrownBy(decode)
			.isNotInstanceOf(BadJwtException.class)
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("There is none in this test"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		SpiffeJwtDecoder jwtDecoder(@Lazy SpireIdentity identity) {
			return SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE).federatedWith(FederatedIdentity.PARTNER);
		}

		@Bean
		SpiffeReactiveJwtDecoder reactiveJwtDecoder(@Lazy SpireIdentity identity) {
			return SpiffeReactiveJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE)
				.federatedWith(FederatedIdentity.PARTNER);
		}

	}

}
