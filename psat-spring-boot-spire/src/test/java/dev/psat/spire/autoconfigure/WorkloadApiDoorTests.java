package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatDescriptor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.metrics.PsatMetricsAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.actuate.endpoint.ShownIdentity;
import dev.psat.spire.actuate.endpoint.SpireEndpointAutoConfiguration;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.health.SpireHealthContributorAutoConfiguration;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.RunningThreads;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for an application whose identity is to come from the Workload API, while no
 * agent is there.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorkloadApiDoorTests {

	private static final String SOCKET = "unix:///no/such/directory/agent.sock";

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				PsatEndpointAutoConfiguration.class, PsatHealthContributorAutoConfiguration.class,
				PsatMetricsAutoConfiguration.class, SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
				SpireHealthContributorAutoConfiguration.class, SpireMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=psat,spire");

	private final ApplicationContextRunner contextRunner = this.bare
		.withPropertyValues("spire.workload-api.socket=" + SOCKET);

	@Test
	void startNeedsNeitherTokenNorClusterNorServerAndIsNotHeldUp(CapturedOutput output) {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed();
			// those of other tests may still be ending
			assertThat(RunningThreads.beginningWith("psat-token")).isSubsetOf(before);
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state() == SpireState.CONNECTING);
			assertThat(identity.status().workloadApi()).isEqualTo(SOCKET);
			assertThat(identity.status().server()).isNull();
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid);
			assertThat(context.getBean(SslBundles.class).getBundle("spire")).isNotNull();
		});
		await().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-")).isEmpty());
		assertThat(output).doesNotContain("cluster", "token");
	}

	@Test
	void startIsTheSameWhenLazy() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				await().until(() -> identity.status().state() == SpireState.CONNECTING);
				assertWithoutToken(context);
			});
	}

	@Test
	void tokenIsNeitherDemandedNorShown() {
		this.contextRunner.withPropertyValues("spire.psat.fail-fast=true", "spire.psat.cluster=demo").run((context) -> {
			assertWithoutToken(context);
			for (Runnable question : List.<Runnable>of(context.getBean(PsatAttestor.class)::payload,
					context.getBean(TokenSource.class)::current)) {
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(question::run)
					.withMessageContaining("the identity comes from the Workload API")
					.satisfies((ex) -> assertThat(ex.advice()).contains("SpireIdentity",
							"'spire.workload-api.enabled' to 'false'"));
			}
		});
	}

	@Test
	void endpointNamesTheWorkloadApiInsteadOfAServer() {
		this.contextRunner.run((context) -> {
			await().until(() -> context.getBean(SpireIdentity.class).status().lastError() != null);
			assertThat(context.getBean(PsatEndpoint.class).psat().isEnabled()).isTrue();
			JsonNode shown = ShownIdentity.of(context);
			assertThat(shown.at("/state").asString()).isEqualTo("CONNECTING");
			assertThat(shown.at("/workloadApi").asString()).isEqualTo(SOCKET);
			assertThat(shown.propertyNames()).contains("lastError")
				.doesNotContain("server", "agentId", "agentExpiresAt", "clockSkew");
		});
	}

	@Test
	void healthIsThatOfTheIdentityAlone() {
		this.contextRunner.run((context) -> {
			await().until(() -> context.getBean(SpireIdentity.class).status().lastError() != null);
			assertThat(context.getBean(SpireHealthIndicator.class).health()).satisfies((health) -> {
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsEntry("state", SpireState.CONNECTING)
					.containsKeys("reason", "message", "advice");
			});
			assertThat(context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP);
		});
	}

	@Test
	void thereIsNoTimerOfAttestationsAndAGaugeOfEachState() {
		this.contextRunner.run((context) -> {
			assertThat(meters(context)).doesNotContain("spire.attestation", "spire.psat.token.usable")
				.contains("spire.svid.requests", "spire.trust.bundle.refreshes", "spire.jwt.svid.requests",
						"spire.svid.expires.in");
			await().untilAsserted(() -> assertThat(meters(context)).contains("spire.handshakes"));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("spire.state").gauges()).hasSize(SpireState.values().length);
			await().until(() -> registry.get("spire.state").tag("state", "connecting").gauge().value() == 1);
		});
	}

	/**
	 * An application that creates its own identity says by the same property that it
	 * needs no token.
	 */
	@Test
	void identityOfTheApplicationIsLeftAloneAndNeedsNoTokenEither() {
		this.contextRunner.withBean(TestIdentity.class).run((context) -> {
			assertThat(context).hasSingleBean(SpireIdentity.class);
			assertWithoutToken(context);
		});
	}

	@Test
	void secondIdentityFromAServerBringsItsOwnToken() {
		this.contextRunner.withUserConfiguration(Second.class).run((context) -> {
			assertWithoutToken(context);
			assertThat(context.getBean("second", SpireIdentity.class).status().server()).isEqualTo("127.0.0.1:1");
			await().until(() -> context.getBean("spireIdentity", SpireIdentity.class).status().workloadApi() != null);
		});
	}

	@Test
	void startThatWaitsForAnAgentThatNobodyRunsSaysSo() {
		this.contextRunner.withPropertyValues("spire.svid.wait-for=always", "spire.svid.wait=1s")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("There is no X.509-SVID for this application to connect with"));
	}

	@Test
	void agentGivesAnSvidAndWhatDoesNotFitItsTrustDomainIsTold(CapturedOutput output) {
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(SimulatedWorld.ORDERS).build()) {
			this.bare
				.withPropertyValues("spire.workload-api.socket=" + api.address(),
						"spire.bundle.authorized-clients=spiffe://example.org/ns/*,spiffe://example.com/bank",
						"spire.svid.wait-for=always")
				.run((context) -> {
					assertWithoutToken(context);
					SpireIdentity identity = context.getBean(SpireIdentity.class);
					assertThat(identity.x509Svid().spiffeId()).hasToString(SimulatedWorld.ORDERS);
					assertThat(context.getBean(SpireHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
					JsonNode shown = ShownIdentity.of(context);
					assertThat(shown.at("/state").asString()).isEqualTo("READY");
					assertThat(shown.at("/workloadApi").asString()).isEqualTo(api.address());
					assertThat(shown.at("/svid").propertyNames()).contains("id").doesNotContain("renewalDueAt");
					assertThat(shown.has("lastError")).isFalse();
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					assertThat(registry.find("spire.attestation").meters()).isEmpty();
					assertThat(registry.get("spire.handshakes").tag("trust.domain", "example.org").meters()).hasSize(4);
					await().untilAsserted(() -> assertThat(output).containsOnlyOnce(
							"'spire.bundle.authorized-clients' lists spiffe://example.com/bank, which can never connect"));
				});
		}
	}

	@Test
	void contextsDecideEachForItself() {
		this.contextRunner.run(
				(agent) -> this.bare
					.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token",
							"spire.server.address=127.0.0.1:1", "spire.server.trust-domain=example.org",
							"spire.server.trust-bundle=/no/such/bundle")
					.run((server) -> {
						assertThat(server.getBean(SpireIdentity.class).status().server()).isEqualTo("127.0.0.1:1");
						assertThat(server.getBean(PsatEndpoint.class).psat().getToken()).isNotNull();
						assertThat(agent.getBean(SpireIdentity.class).status().workloadApi()).isEqualTo(SOCKET);
						assertWithoutToken(agent);
					}));
	}

	@Test
	void childUsesTheDoorOfItsParentWhateverItsOwnProperties(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spire.psat.cluster=demo")
			.run((parent) -> this.bare.withParent(parent)
				.withPropertyValues("spire.server.address=127.0.0.1:1")
				.run((child) -> {
					assertThat(child).hasNotFailed();
					assertThat(child.getBean(SpireIdentity.class)).isSameAs(parent.getBean(SpireIdentity.class));
					assertThat(child.getBean(Wiring.class)).isSameAs(parent.getBean(Wiring.class));
					assertThat(child.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
						.isEqualTo(Status.UP);
				}));
		assertThat(output).containsOnlyOnce("have no effect");
	}

	private static void assertWithoutToken(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		PsatDescriptor document = context.getBean(PsatEndpoint.class).psat();
		assertThat(document.getCluster()).isNull();
		assertThat(document.getToken()).isNull();
		assertThat(document.getSource()).isNull();
		assertThat(context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
			.isEqualTo(Status.UP);
		assertThat(meters(context)).noneMatch((name) -> name.startsWith("spire.psat.token"));
	}

	private static Set<String> meters(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map(Meter::getId)
			.map(Meter.Id::getName)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class Second {

		@Bean(defaultCandidate = false)
		SpireIdentity second() {
			PsatAttestor attestor = () -> {
				throw new IllegalStateException("not in this test");
			};
			return SpireServerIdentity.builder(attestor)
				.server(ServerAddress.parse("127.0.0.1:1"))
				.trustDomain(TrustDomain.of("example.org"))
				.trustBundle(Path.of("/no/such/bundle"))
				.build();
		}

	}

}
