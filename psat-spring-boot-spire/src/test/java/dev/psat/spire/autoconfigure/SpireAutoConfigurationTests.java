package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.actuate.endpoint.SpireEndpointAutoConfiguration;
import dev.psat.spire.health.SpireHealthContributorAutoConfiguration;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpireAutoConfiguration}.
 */
class SpireAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
				SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
				SpireHealthContributorAutoConfiguration.class, SpireMetricsAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token");

	@Test
	void identityOfUserReplacesOursAndNothingIsDemanded() {
		TestIdentity identity = new TestIdentity();
		this.contextRunner.withBean("mine", SpireIdentity.class, () -> identity)
			.run((context) -> assertThat(context).hasSingleBean(SpireIdentity.class)
				.getBean(SpireIdentity.class)
				.isSameAs(identity));
	}

	@Test
	void furtherIdentityOfUserStandsBesideOurs() {
		this.contextRunner.withPropertyValues("spire.server.enabled=false")
			.withBean("further", SpireIdentity.class, TestIdentity::new,
					(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
			.run((context) -> assertThat(context).hasBean("further")
				.getBean("spireIdentity")
				.isInstanceOf(IdentityDoor.DisabledIdentity.class));
	}

	@Test
	void severalIdentitiesWithoutDefaultStopTheStartWhateverTheirNames() {
		this.contextRunner.withBean("identity", SpireIdentity.class, TestIdentity::new)
			.withBean("other", SpireIdentity.class, TestIdentity::new)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("any of the SpireIdentity beans [identity, other]"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled", "spire.server.enabled", "spire.enabled" })
	void identityWhenDisabledRefusesEverythingAndSaysWhy(String property) {
		this.contextRunner.withPropertyValues(property + "=false").run((context) -> {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			assertThat(identity.status()).isEqualTo(TestIdentity.bare(SpireState.DISABLED));
			Stream.<Runnable>of(identity::x509Svid, () -> identity.jwtSvid("orders"), identity::trustBundle)
				.forEach((question) -> assertThatExceptionOfType(SvidUnavailableException.class)
					.isThrownBy(question::run)
					.withMessageContaining("disabled by '" + property + "'")
					.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.DISABLED))
					.satisfies((ex) -> assertThat(ex.advice()).contains("'" + property + "' to 'true'")));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled", "spire.server.enabled", "spire.enabled" })
	void propertiesWhenDisabledAreNotChecked(String property) {
		this.contextRunner
			.withPropertyValues(property + "=false", "spire.server.address=nowhere", "spire.server.trust-domain=A",
					"spire.server.trust-bundle=", "spire.server.attest-timeout=0s", "spire.svid.refresh-interval=1ms",
					"spire.svid.spiffe-id=x", "spire.svid.hint=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void clusterAloneIsDemandedWhenServerIsDisabled() {
		this.contextRunner.withPropertyValues("spire.server.enabled=false", "spire.psat.cluster=")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("'spire.psat.cluster'"));
	}

	@Test
	void runWithoutAttestationHasNothingOfOurs() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
					SpireHealthContributorAutoConfiguration.class, SpireMetricsAutoConfiguration.class))
			.run((context) -> assertThat(ours(context)).isEmpty());
	}

	@Test
	void runWithoutMicrometerHasAllButMeters() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.withPropertyValues("spire.server.enabled=false", "management.endpoints.web.exposure.include=psat,spire")
			.run((context) -> assertThat(ours(context)).containsExactlyInAnyOrder("spireIdentity", "spireWiring",
					"spireEarlyWait", "spireLifecycle", "spireEndpoint", "spireHealthIndicator", "spireSslBundle",
					"spireSslBundleRegistrar"));
	}

	private static List<String> ours(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return Stream.of(context.getBeanDefinitionNames())
			.filter((name) -> name.startsWith("spire") && !name.contains("."))
			.toList();
	}

}
