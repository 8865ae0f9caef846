package dev.psat.autoconfigure.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PsatHealthContributorAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PsatHealthContributorAutoConfigurationTests {

	private static final Status ABSENT = new Status("ABSENT");

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class,
				PsatHealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
		.withBean(ApplicationAvailabilityBean.class)
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"management.endpoints.web.exposure.include=health");

	@Test
	void runContributesPsatToHealth() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(PsatHealthIndicator.class).hasBean("psatHealthIndicator");
			assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(Status.UP);
		});
	}

	@Test
	void runWhenThereIsNoTokenContributesDown() {
		this.kubelet.removeToken();
		this.contextRunner.run((context) -> {
			assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(Status.DOWN);
			assertThat(context.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void runWhenDisabledByHealthPropertyContributesNothing() {
		this.contextRunner.withPropertyValues("management.health.psat.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PsatHealthIndicator.class));
	}

	@Test
	void runWhenHealthIsOffByDefaultContributesNothingUnlessAskedTo() {
		ApplicationContextRunner off = this.contextRunner
			.withPropertyValues("management.health.defaults.enabled=false");
		off.run((context) -> assertThat(context).doesNotHaveBean(PsatHealthIndicator.class));
		off.withPropertyValues("management.health.psat.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(PsatHealthIndicator.class));
	}

	@Test
	void runWhenAttestationIsDisabledContributesUnknown() {
		this.contextRunner.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "psat"))
				.isEqualTo(Status.UNKNOWN));
	}

	@Test
	void runWhenUserHasIndicatorOfSameNameKeepsIt() {
		this.contextRunner
			.withBean("psatHealthIndicator", HealthIndicator.class, () -> () -> Health.status("MINE").build())
			.run((context) -> {
				assertThat(context).doesNotHaveBean(PsatHealthIndicator.class);
				assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(new Status("MINE"));
			});
	}

	@Test
	void runWithoutSourceContributesNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PsatHealthIndicator.class));
	}

	@Test
	void runWhenSourceOfUserIsForAnotherAudienceContributesDownAsPayloadIsRefused() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token).run((context) -> {
			Health health = context.getBean(PsatHealthIndicator.class).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("tokenState", TokenState.VALID)
				.containsEntry("sourceState", SourceState.WRONG_AUDIENCE)
				.containsEntry("message", "The token is not meant for any of [spire-server]")
				.containsKey("advice");
			assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(context.getBean(PsatAttestor.class)::payload);
		});
	}

	@Test
	void runWhenAttestorIsOfUserContributesUpAsPayloadIsGiven() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token)
			.withBean("attestor", PsatAttestor.class, () -> () -> AttestationPayload.of("mine", token))
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(Status.UP));
	}

	@Test
	void runWhenAttestorReadsFurtherSourceContributesWhatItsPayloadIs() {
		this.contextRunner.withUserConfiguration(FurtherSources.class, AttestorOfFurtherSource.class).run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(status(endpoint, "psat")).isEqualTo(Status.UP);
			context.getBean(FurtherSources.class).token = null;
			assertThat(status(endpoint, "psat")).isEqualTo(Status.DOWN);
			assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(context.getBean(PsatAttestor.class)::payload);
		});
	}

	@Test
	void runWhenAttestorOfUserNeedsNoSourceContributesUp() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		this.kubelet.removeToken();
		this.contextRunner.withBean("attestor", PsatAttestor.class, () -> () -> AttestationPayload.of("mine", token))
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(Status.UP));
	}

	@Test
	void runContributesFurtherSourcesByTheirNames() {
		this.contextRunner.withUserConfiguration(FurtherSources.class).run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(status(endpoint, "psat")).isEqualTo(Status.UP);
			for (String name : List.of("inventory", "lazy", "made")) {
				assertThat(status(endpoint, name)).as(name).isEqualTo(Status.UP);
			}
			context.getBean(FurtherSources.class).token = null;
			for (String name : List.of("inventory", "lazy", "made")) {
				assertThat(status(endpoint, name)).as(name).isEqualTo(Status.DOWN);
			}
			assertThat(status(endpoint, "psat")).isEqualTo(Status.UP);
		});
	}

	@Test
	void runWhenFurtherSourceIsPrimaryContributesTheOtherByItsName() {
		this.contextRunner.withUserConfiguration(TwoCandidates.class).run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(status(endpoint, "psat")).isEqualTo(Status.UP);
			assertThat(status(endpoint, "other")).isEqualTo(Status.DOWN);
			assertThat(status(endpoint, "main")).isEqualTo(ABSENT);
		});
	}

	@Test
	void runWhenAttestationIsDisabledStillContributesFurtherSources() {
		this.contextRunner.withPropertyValues("spire.psat.enabled=false")
			.withUserConfiguration(FurtherSources.class)
			.run((context) -> {
				assertThat(status(context.getBean(HealthEndpoint.class), "psat")).isEqualTo(Status.UNKNOWN);
				assertThat(status(context.getBean(HealthEndpoint.class), "inventory")).isEqualTo(Status.UP);
			});
	}

	@ParameterizedTest
	@CsvSource({ "management.health.inventory.enabled=false, psat lazy made anotherName",
			"management.health.anotherName.enabled=false, psat inventory lazy made",
			"management.health.another-name.enabled=false, psat inventory lazy made",
			"management.health.psat.enabled=false, inventory lazy made anotherName",
			"management.health.defaults.enabled=false, ''" })
	void runWhenDisabledByHealthPropertyOmitsFurtherSource(String property, String left) {
		this.contextRunner.withPropertyValues(property).withUserConfiguration(FurtherSources.class).run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(Stream.of("psat", "inventory", "lazy", "made", "anotherName")
				.filter((name) -> !status(endpoint, name).equals(ABSENT))
				.collect(Collectors.joining(" "))).isEqualTo(left);
		});
	}

	@Test
	void runWhenFurtherSourceIsAskedForAlthoughHealthIsOffContributesIt() {
		this.contextRunner
			.withPropertyValues("management.health.defaults.enabled=false", "management.health.inventory.enabled=true")
			.withUserConfiguration(FurtherSources.class)
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "inventory"))
				.isEqualTo(Status.UP));
	}

	@Test
	void runWhenUserHasIndicatorOfFurtherSourceKeepsIt() {
		for (String name : List.of("inventoryHealthIndicator", "inventoryHealthContributor")) {
			this.contextRunner.withUserConfiguration(FurtherSources.class)
				.withBean(name, HealthIndicator.class, () -> () -> Health.status("MINE").build())
				.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "inventory"))
					.isEqualTo(new Status("MINE")));
		}
	}

	@Test
	void runWhenAnotherIndicatorHasTheNameOfFurtherSourceSaysSo(CapturedOutput output) {
		this.contextRunner
			.withBean("ping", TokenSource.class, () -> () -> ProjectedToken.parse(this.kubelet.token()),
					(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(PsatHealthIndicator.class);
				assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).singleElement()
					.asString()
					.contains("'ping'", "'pingHealthContributor'", "'management.health.ping.enabled'");
			});
	}

	@Test
	void groupMayNameFurtherSource() {
		this.contextRunner.withPropertyValues("management.endpoint.health.group.stock.include=inventory")
			.withUserConfiguration(FurtherSources.class)
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "stock", "inventory"))
				.isEqualTo(Status.UP));
	}

	@Test
	void childContextContributesItsOwnSourcesAlone() {
		this.contextRunner.withUserConfiguration(FurtherSources.class)
			.run((parent) -> new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class,
						PsatHealthContributorAutoConfiguration.class))
				.withPropertyValues("spire.psat.cluster=demo-cluster")
				.withParent(parent)
				.withBean("childish", TokenSource.class, () -> () -> ProjectedToken.parse(this.kubelet.token()),
						(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
				.run((child) -> assertThat(
						child.getSourceApplicationContext().getBeanNamesForType(PsatHealthIndicator.class))
					.containsExactly("childishHealthIndicator")));
	}

	@Test
	void livenessAndReadinessAreNotAffected() {
		this.kubelet.removeToken();
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.enabled=true").run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(status(endpoint, "psat")).isEqualTo(Status.DOWN);
			for (String group : new String[] { "liveness", "readiness" }) {
				assertThat(endpoint.healthForPath(group)).as(group).isNotNull();
				assertThat(endpoint.healthForPath(group, "psat")).as(group).isNull();
			}
		});
	}

	@Test
	void readinessIsAffectedWhenUserWantsIt() {
		this.contextRunner
			.withPropertyValues("management.endpoint.health.probes.enabled=true",
					"management.endpoint.health.group.readiness.include=readinessState,psat")
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).healthForPath("readiness", "psat"))
				.isNotNull());
	}

	private static Status status(HealthEndpoint endpoint, String... path) {
		HealthDescriptor descriptor = endpoint.healthForPath(path);
		return (descriptor != null) ? descriptor.getStatus() : ABSENT;
	}

	@Configuration(proxyBeanMethods = false)
	static class FurtherSources {

		volatile @Nullable ProjectedToken token;

		FurtherSources(@Value("${spire.psat.token-path}") Path path) throws IOException {
			this.token = ProjectedToken.parse(Files.readString(path));
		}

		@Bean(defaultCandidate = false)
		TokenSource inventory() {
			return this::token;
		}

		@Bean(defaultCandidate = false)
		TokenSource anotherName() {
			return this::token;
		}

		@Lazy
		@Bean(defaultCandidate = false)
		TokenSource lazy() {
			return this::token;
		}

		@Bean(defaultCandidate = false)
		FactoryBean<TokenSource> made() {
			return new FactoryBean<>() {

				@Override
				public TokenSource getObject() {
					return FurtherSources.this::token;
				}

				@Override
				public Class<?> getObjectType() {
					return TokenSource.class;
				}

			};
		}

		private ProjectedToken token() {
			ProjectedToken token = this.token;
			if (token == null) {
				throw new TokenUnavailableException("none", TokenState.NONE, null, "none");
			}
			return token;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AttestorOfFurtherSource {

		@Bean
		PsatAttestor attestor(@Qualifier("inventory") TokenSource inventory) {
			return PsatAttestor.of("mine", inventory, List.of("spire-server"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoCandidates {

		@Bean
		@Primary
		TokenSource main(@Value("${spire.psat.token-path}") Path path) {
			return TokenSource.builder(path).audience("spire-server").build();
		}

		@Bean
		TokenSource other() {
			return () -> {
				throw new TokenUnavailableException("none", TokenState.NONE, null, "none");
			};
		}

	}

}
