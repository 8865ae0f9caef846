package dev.psat.spire.health;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import org.junit.jupiter.api.Test;

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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpireHealthContributorAutoConfiguration}.
 */
class SpireHealthContributorAutoConfigurationTests {

	private static final Status ABSENT = new Status("ABSENT");

	private final TestIdentity identity = new TestIdentity();

	private final ApplicationContextRunner withoutIdentity = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"management.endpoints.web.exposure.include=health");

	private final ApplicationContextRunner contextRunner = this.withoutIdentity.withBean(SpireIdentity.class,
			() -> this.identity);

	@Test
	void runContributesWhatTheIdentitySays() {
		this.contextRunner.run((context) -> {
			HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
			assertThat(status(endpoint, "spire")).isEqualTo(Status.DOWN);
			this.identity.become(TestIdentity.ready(1));
			assertThat(status(endpoint, "spire")).isEqualTo(Status.UP);
			this.identity.become(TestIdentity.failing(SpireState.BANNED, true));
			assertThat(status(endpoint, "spire")).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void runWhenDisabledContributesUnknown() {
		for (String property : new String[] { "spire.psat.enabled=false", "spire.server.enabled=false" }) {
			this.withoutIdentity.withPropertyValues(property)
				.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "spire"))
					.isEqualTo(Status.UNKNOWN));
		}
	}

	@Test
	void runWhenSwitchedOffContributesNothing() {
		for (String name : new String[] { "spire", "defaults" }) {
			this.contextRunner.withPropertyValues("management.health." + name + ".enabled=false")
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireHealthIndicator.class));
		}
	}

	@Test
	void runWhenUserHasContributorOfTheNameKeepsIt() {
		for (String name : new String[] { "spireHealthIndicator", "spireHealthContributor" }) {
			this.contextRunner.withBean(name, HealthIndicator.class, () -> () -> Health.status("MINE").build())
				.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "spire"))
					.isEqualTo(new Status("MINE")));
		}
	}

	@Test
	void runWhenUserHasFurtherIdentityShowsTheDefaultOne() {
		this.identity.become(TestIdentity.ready(1));
		this.contextRunner
			.withBean("further", SpireIdentity.class, TestIdentity::new,
					(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "spire")).isEqualTo(Status.UP));
	}

	@Test
	void runWithoutIdentityContributesNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SpireHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireHealthIndicator.class));
	}

	@Test
	void readinessIsAffectedWhenUserWantsItAlone() {
		ApplicationContextRunner probes = this.contextRunner
			.withConfiguration(AutoConfigurations.of(AvailabilityHealthContributorAutoConfiguration.class,
					AvailabilityProbesAutoConfiguration.class))
			.withBean(ApplicationAvailabilityBean.class)
			.withPropertyValues("management.endpoint.health.probes.enabled=true");
		probes.run((context) -> {
			assertThat(status(context.getBean(HealthEndpoint.class), "readiness")).isNotEqualTo(ABSENT);
			assertThat(status(context.getBean(HealthEndpoint.class), "readiness", "spire")).isEqualTo(ABSENT);
			assertThat(status(context.getBean(HealthEndpoint.class), "liveness", "spire")).isEqualTo(ABSENT);
		});
		probes.withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,spire")
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class), "readiness", "spire"))
				.isEqualTo(Status.DOWN));
	}

	private static Status status(HealthEndpoint endpoint, String... path) {
		HealthDescriptor descriptor = endpoint.healthForPath(path);
		return (descriptor != null) ? descriptor.getStatus() : ABSENT;
	}

}
