package dev.psat.autoconfigure.health;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

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

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.test.SimulatedKubelet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PsatHealthContributorAutoConfiguration}.
 */
class PsatHealthContributorAutoConfigurationTests {

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
		return (descriptor != null) ? descriptor.getStatus() : new Status("ABSENT");
	}

}
