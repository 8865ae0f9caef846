package dev.psat.spire.autoconfigure;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.actuate.endpoint.ShownIdentity;
import dev.psat.spire.actuate.endpoint.SpireEndpointAutoConfiguration;
import dev.psat.spire.health.SpireHealthContributorAutoConfiguration;
import dev.psat.spire.health.SpireHealthIndicator;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import dev.psat.spire.test.FederatedBundle;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what an application with a SPIRE Server shows of federated trust domains.
 */
class FederationShownTests {

	private static final String PARTNER = "partner.org";

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				PsatEndpointAutoConfiguration.class, SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
				SpireHealthContributorAutoConfiguration.class, SpireMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues(this.world.properties())
		.withPropertyValues("management.endpoints.web.exposure.include=psat,spire", "spire.federates-with=" + PARTNER);

	@Test
	void trustIsShownFromItsBeginningToItsEnd() {
		this.contextRunner.run((context) -> {
			awaitState(context, FederationState.NOT_FEDERATED);
			assertPart(context, FederationState.NOT_FEDERATED, 0);
			assertThat(age(context)).isNaN();
			federate();
			visit(context);
			awaitState(context, FederationState.TRUSTED);
			assertPart(context, FederationState.TRUSTED, 1);
			assertThat(age(context)).isBetween(0.0, 60.0);
			// which is counted once it has been published
			await().untilAsserted(() -> assertThat(refreshes(context, "success")).isPositive());
			this.world.server().federation().set(FederatedBundle.empty(PARTNER));
			visit(context);
			awaitState(context, FederationState.EMPTY);
			assertPart(context, FederationState.EMPTY, 0);
			assertThat(age(context)).isNaN();
		});
	}

	@Test
	void trustDomainOfWhichTheServerHasNoBundleIsCountedAsSuch() {
		federate();
		this.world.server()
			.faults()
			.federatedBundle(PARTNER)
			.fail(Status.NOT_FOUND.withDescription("bundle not found"));
		this.contextRunner.run((context) -> {
			awaitState(context, FederationState.NO_BUNDLE);
			assertThat(refreshes(context, "trust-bundle-not-found")).isPositive();
			assertThat(refreshes(context, "success")).isZero();
			assertThat(age(context)).isNaN();
			assertThat(health(context).getDetails()).containsEntry("state", SpireState.READY);
		});
	}

	@Test
	void failureOfOneTrustDomainIsShownThereAlone() {
		federate();
		this.contextRunner.run((context) -> {
			awaitState(context, FederationState.TRUSTED);
			this.world.server()
				.faults()
				.federatedBundle(PARTNER)
				.fail(Status.INTERNAL.withDescription("failed to fetch federated bundle: no datastore"));
			visit(context);
			await().untilAsserted(() -> assertThat(part(context).has("lastError")).isTrue());
			assertThat(part(context).at("/state").asString()).isEqualTo("TRUSTED");
			assertThat(age(context)).isNotNaN();
			SpireStatus.LastError error = Objects.requireNonNull(federation(context).lastError());
			assertThat(refreshes(context, error.reason().toLowerCase().replace('_', '-'))).isPositive();
			await().untilAsserted(() -> assertThat(ShownIdentity.of(context).has("lastError")).isFalse());
			assertThat(health(context).getDetails())
				.containsEntry("federation", Map.of(PARTNER, FederationState.TRUSTED))
				.doesNotContainKeys("reason", "message", "advice");
		});
	}

	@Test
	void withoutFederationNothingIsShownAndNothingIsAsked() {
		federate();
		this.contextRunner.withPropertyValues("spire.federates-with=").run((context) -> {
			await().until(() -> identity(context).status().state() == SpireState.READY);
			assertThat(ShownIdentity.of(context).has("federation")).isFalse();
			assertThat(health(context).getDetails()).doesNotContainKey("federation");
			assertThat(this.world.server().journal().federatedBundles()).isEmpty();
		});
	}

	private void federate() {
		this.world.server().federation().set(FederatedBundle.of(this.world.server()).withTrustDomain(PARTNER));
		this.world.server()
			.entries()
			.change(this.world.server().register(this.world.kubelet(), "demo"),
					(entry) -> entry.federatesWith(PARTNER));
	}

	/**
	 * A JWT-SVID needs an agent, and there is none after a start.
	 */
	private static void visit(ApplicationContext context) {
		identity(context).stop();
		identity(context).start();
		identity(context).jwtSvid("bank" + System.nanoTime());
	}

	private static void awaitState(ApplicationContext context, FederationState state) {
		await().until(() -> federation(context).state() == state && identity(context).status().state().isUp());
		Health health = health(context);
		assertThat(health.getStatus()).isEqualTo(org.springframework.boot.health.contributor.Status.UP);
		assertThat(health.getDetails()).containsEntry("federation", Map.of(PARTNER, state));
	}

	private static SpireIdentity identity(ApplicationContext context) {
		return context.getBean(SpireIdentity.class);
	}

	private static SpireStatus.Federation federation(ApplicationContext context) {
		return identity(context).status().federation().get(0);
	}

	private static void assertPart(ApplicationContext context, FederationState state, int authorities) {
		assertThat(part(context).propertyNames()).containsExactly("trustDomain", "state", "x509AuthorityCount",
				"jwtAuthorityCount", "refreshedAt");
		assertThat(part(context).at("/trustDomain").asString()).isEqualTo(PARTNER);
		assertThat(part(context).at("/state").asString()).isEqualTo(state.name());
		assertThat(part(context).at("/x509AuthorityCount").asInt()).isEqualTo(authorities);
		assertThat(part(context).at("/jwtAuthorityCount").asInt()).isEqualTo(authorities);
	}

	private static JsonNode part(ApplicationContext context) {
		return ShownIdentity.of(context).at("/federation/0");
	}

	private static Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(SpireHealthIndicator.class).health(true));
	}

	private static double age(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("spire.federation.age")
			.tag("trust.domain", PARTNER)
			.timeGauge()
			.value(TimeUnit.SECONDS);
	}

	private static double refreshes(ApplicationContext context, String outcome) {
		Counter counter = context.getBean(MeterRegistry.class)
			.find("spire.federation.refreshes")
			.tags("trust.domain", PARTNER, "outcome", outcome)
			.counter();
		return (counter != null) ? counter.count() : Double.NaN;
	}

}
