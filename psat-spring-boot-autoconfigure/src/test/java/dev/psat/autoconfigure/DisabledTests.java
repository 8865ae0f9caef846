package dev.psat.autoconfigure;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatDescriptor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.support.Leftovers;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.Shown;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import dev.psat.token.WatchMode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code spire.psat.enabled=false}.
 */
class DisabledTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
				PsatHealthContributorAutoConfiguration.class))
		.withPropertyValues("spire.psat.enabled=false", "spire.psat.token-path=/no/such/directory/token",
				"management.endpoints.web.exposure.include=psat");

	@Test
	void nothingIsDemanded() {
		this.contextRunner.withPropertyValues("spire.psat.fail-fast=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void badPropertiesDoNotStopStart() {
		this.contextRunner
			.withPropertyValues("spire.psat.token-path=", "spire.psat.clock-skew=1h", "spire.psat.cluster=a//b",
					"spire.psat.refresh.poll-interval=1ms", "spire.psat.audience[0]=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void nothingIsReadAndNothingRuns() {
		try (CapturedLogs logs = new CapturedLogs()) {
			Leftovers leftovers = new Leftovers();
			this.contextRunner.run((context) -> {
				TokenStatus status = context.getBean(TokenSource.class).refresh();
				assertThat(status.sourceState()).isNull();
				assertThat(status.watch()).isNull();
				leftovers.expectNone();
				assertThat(logs.all()).isEmpty();
			});
		}
	}

	@Test
	void payloadThrowsAndSaysWhy() {
		this.contextRunner.run((context) -> assertThatExceptionOfType(TokenUnavailableException.class)
			.isThrownBy(context.getBean(PsatAttestor.class)::payload)
			.withMessageContaining("disabled by 'spire.psat.enabled'")
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.psat.enabled' to 'true'"))
			.satisfies((ex) -> assertThat(ex.sourceState()).isNull()));
	}

	@Test
	void healthIsUnknown() {
		this.contextRunner.run((context) -> {
			Health health = context.getBean(PsatHealthIndicator.class).health();
			assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		});
	}

	@Test
	void endpointSaysSo() {
		this.contextRunner.run((context) -> {
			PsatEndpoint endpoint = context.getBean(PsatEndpoint.class);
			assertThat(json(endpoint.psat())).isEqualTo("{\"enabled\":false}");
			assertThat(json(endpoint.refresh())).isEqualTo("{\"enabled\":false}");
		});
		this.contextRunner.withPropertyValues("spire.psat.cluster=demo-cluster")
			.run((context) -> assertThat(json(context.getBean(PsatEndpoint.class).psat()))
				.isEqualTo("{\"enabled\":false,\"cluster\":\"demo-cluster\"}"));
	}

	private static String json(PsatDescriptor document) {
		return new JsonMapper().writeValueAsString(document);
	}

	@Test
	void beansAreTheSameAsWhenEnabled() {
		this.contextRunner.run((disabled) -> this.contextRunner
			.withPropertyValues("spire.psat.enabled=true", "spire.psat.cluster=demo-cluster")
			.run((enabled) -> assertThat(disabled.getBeanDefinitionNames())
				.containsExactly(enabled.getBeanDefinitionNames())));
	}

	@Test
	void sourcesOfUserStillRun() {
		this.contextRunner.withUserConfiguration(UserSource.class).run(DisabledTests::assertUserSourceRuns);
	}

	@Test
	void sourcesOfUserStillRunWhenLazy() {
		this.contextRunner.withUserConfiguration(UserSource.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run(DisabledTests::assertUserSourceRuns);
	}

	@Test
	void payloadWithSourceOfUserThrowsAndSaysWhy() {
		this.contextRunner.withUserConfiguration(UserDefaultSource.class).run((context) -> {
			assertThat(context.getBean(TokenSource.class).value())
				.isEqualTo(context.getBean(SimulatedKubelet.class).token());
			assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(context.getBean(PsatAttestor.class)::payload)
				.withMessageContaining("disabled");
		});
	}

	private static void assertUserSourceRuns(AssertableApplicationContext context) {
		TokenSource source = context.getBean("vault", TokenSource.class);
		assertThat(Shown.watch(source.status()).mode()).isNotEqualTo(WatchMode.STOPPED);
		String token = context.getBean(SimulatedKubelet.class).rotate();
		await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserSource {

		@Bean
		SimulatedKubelet kubelet() {
			return SimulatedKubelet.builder().audience("vault").build();
		}

		@Bean(defaultCandidate = false)
		TokenSource vault(SimulatedKubelet kubelet) {
			return TokenSource.builder(kubelet.tokenPath()).audience("vault").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserDefaultSource {

		@Bean
		SimulatedKubelet kubelet() {
			return SimulatedKubelet.builder().build();
		}

		@Bean
		TokenSource mine(SimulatedKubelet kubelet) {
			return TokenSource.builder(kubelet.tokenPath()).build();
		}

	}

}
