package dev.psat.spire.metrics;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.support.MutableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FederationMeters}.
 */
class FederationMetersTests {

	private static final Instant REFRESHED_AT = Objects
		.requireNonNull(TestIdentity.trusted("partner.org").refreshedAt());

	private final TestIdentity identity = new TestIdentity();

	private final MutableClock clock = new MutableClock(REFRESHED_AT);

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SslAutoConfiguration.class,
				SpireAutoConfiguration.class, SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")
		.withBean(SpireIdentity.class, () -> this.identity);

	@Test
	void metersOfEachTrustDomainAreThoseOfTheContractBeforeAnythingHappened() {
		this.identity.become(TestIdentity.federating(TestIdentity.untrusted("partner.org", FederationState.UNKNOWN),
				TestIdentity.untrusted("other.org", FederationState.UNKNOWN)));
		this.contextRunner.run((context) -> assertThat(context.getBean(MeterRegistry.class).getMeters())
			.filteredOn((meter) -> meter.getId().getName().startsWith("spire.federation."))
			.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank())
			.map((meter) -> "%s %s %s".formatted(meter.getId().getType(), meter.getId().getName(),
					meter.getId().getTags()))
			.containsExactlyInAnyOrder("GAUGE spire.federation.age [tag(trust.domain=partner.org)]",
					"COUNTER spire.federation.refreshes [tag(outcome=success), tag(trust.domain=partner.org)]",
					"GAUGE spire.federation.age [tag(trust.domain=other.org)]",
					"COUNTER spire.federation.refreshes [tag(outcome=success), tag(trust.domain=other.org)]"));
	}

	@Test
	void runWithoutFederationHasNoMetersOfIt() {
		this.identity.become(TestIdentity.ready(1));
		this.contextRunner.run((context) -> assertThat(context.getBean(MeterRegistry.class).getMeters())
			.noneMatch((meter) -> meter.getId().getName().startsWith("spire.federation.")));
	}

	@Test
	void ageGrowsUntilTheServerAnswersAgain() {
		become(TestIdentity.trusted("partner.org"), TestIdentity.trusted("other.org"));
		bind();
		assertThat(age("partner.org")).isZero();
		this.clock.advance(Duration.ofMinutes(16));
		assertThat(age("partner.org")).isEqualTo(960);
		become(answered("partner.org", this.clock.instant().minusSeconds(3)), TestIdentity.trusted("other.org"));
		assertThat(age("partner.org")).isEqualTo(3);
		assertThat(age("other.org")).isEqualTo(960);
	}

	/**
	 * An agent tells of changes alone, and an alert on the age must not fire for want of
	 * any.
	 */
	@Test
	void ageDoesNotGrowWhereTheWorkloadApiTellsOfChangesAlone() {
		this.identity.become(TestIdentity.handedOut(TestIdentity.trusted("partner.org"),
				TestIdentity.untrusted("other.org", FederationState.NOT_FEDERATED)));
		bind();
		this.clock.advance(Duration.ofHours(1));
		assertThat(age("partner.org")).isZero();
		assertThat(age("other.org")).isNaN();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "TRUSTED")
	void ageOfWhatIsNotTrustedIsNoNumber(FederationState state) {
		become(TestIdentity.trusted("partner.org"));
		bind();
		become(SpireStatus.Federation.builder(TrustDomain.of("partner.org"), state, 2)
			.refreshedAt(REFRESHED_AT)
			.build());
		assertThat(age("partner.org")).isNaN();
		become(TestIdentity.trusted("partner.org"));
		assertThat(age("partner.org")).isZero();
	}

	/**
	 * Only what is not trusted may look as if it was not.
	 */
	@Test
	void ageIsNotNegativeWhenTheClockWasSetBack() {
		become(TestIdentity.trusted("partner.org"));
		bind();
		this.clock.advance(Duration.ofHours(-1));
		assertThat(age("partner.org")).isZero();
	}

	@Test
	void ageIsNoNumberWhileNothingIsKnown() {
		become(SpireStatus.Federation.builder(TrustDomain.of("partner.org"), FederationState.TRUSTED, 1)
			.x509AuthorityCount(1)
			.jwtAuthorityCount(1)
			.build(), TestIdentity.trusted("other.org"));
		bind();
		assertThat(age("partner.org")).isNaN();
		become();
		assertThat(age("other.org")).isNaN();
	}

	@Test
	void trustDomainThatAnIdentityAddsLaterHasMetersFromThenOn() {
		bind();
		assertThat(this.registry.find("spire.federation.age").meters()).isEmpty();
		become(TestIdentity.trusted("partner.org"));
		become(TestIdentity.trusted("partner.org"), TestIdentity.trusted("other.org"));
		assertThat(age("partner.org")).isZero();
		assertThat(age("other.org")).isZero();
		assertThat(refreshes(this.registry, "other.org", "success")).isZero();
		assertThat(this.registry.find("spire.federation.age").meters()).hasSize(2);
	}

	/**
	 * Micrometer warns of a gauge that it has already.
	 */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void changeIsNoSecondRegistration(CapturedOutput output) {
		become(TestIdentity.trusted("partner.org"));
		bind();
		become(TestIdentity.trusted("partner.org"), TestIdentity.trusted("other.org"));
		become(TestIdentity.trusted("partner.org"), TestIdentity.trusted("other.org"));
		assertThat(output).doesNotContain("registered");
	}

	@Test
	void metersThatCouldNotBeRegisteredAreWithTheNextChange() {
		AtomicBoolean full = new AtomicBoolean();
		this.registry.config().meterFilter(MeterFilter.deny((id) -> {
			if (full.get()) {
				throw new OutOfMemoryError("on purpose");
			}
			return false;
		}));
		bind();
		full.set(true);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> become(TestIdentity.trusted("partner.org")));
		full.set(false);
		become(TestIdentity.trusted("partner.org"));
		assertThat(age("partner.org")).isZero();
	}

	/**
	 * As one does that is created later, behind a proxy.
	 */
	@Test
	void identityThatCannotTellItsStatusYetStopsNoStart() {
		AtomicBoolean failing = new AtomicBoolean(true);
		this.identity.become(TestIdentity.federating(TestIdentity.trusted("partner.org")));
		SpireIdentity late = (SpireIdentity) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SpireIdentity.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("status") && failing.get()) {
						throw new IllegalStateException("not yet");
					}
					return method.invoke(this.identity, arguments);
				});
		new SpireMeters(late, this.clock).bindTo(this.registry);
		assertThat(this.registry.find("spire.federation.age").meters()).isEmpty();
		failing.set(false);
		become(TestIdentity.trusted("partner.org"));
		assertThat(age("partner.org")).isZero();
	}

	@Test
	void refreshesAreCountedByTrustDomainAndOutcome() {
		become(TestIdentity.trusted("partner.org"), TestIdentity.trusted("other.org"));
		bind();
		refreshed("partner.org", "success");
		refreshed("partner.org", "success");
		refreshed("partner.org", "trust-bundle-not-found");
		assertThat(refreshes(this.registry, "partner.org", "success")).isEqualTo(2);
		assertThat(refreshes(this.registry, "partner.org", "trust-bundle-not-found")).isOne();
		assertThat(refreshes(this.registry, "other.org", "success")).isZero();
		assertThat(this.registry.get("spire.trust.bundle.refreshes").tag("outcome", "success").counter().count())
			.isZero();
	}

	@Test
	void contextsWithOneIdentityCountIndependentlyOfEachOther() {
		become(TestIdentity.trusted("partner.org"));
		this.contextRunner.run((first) -> {
			refreshed("partner.org", "success");
			MeterRegistry registry = first.getBean(MeterRegistry.class);
			this.contextRunner.run((second) -> {
				refreshed("partner.org", "success");
				assertThat(refreshes(second.getBean(MeterRegistry.class), "partner.org", "success")).isOne();
			});
			refreshed("partner.org", "success");
			assertThat(refreshes(registry, "partner.org", "success")).isEqualTo(3);
		});
		assertThat(this.identity.observers()).isEmpty();
	}

	@Test
	void childOfAContextHasNoMetersOfItsOwn() {
		become(TestIdentity.trusted("partner.org"));
		this.contextRunner.run((parent) -> new ApplicationContextRunner().withParent(parent)
			.withConfiguration(AutoConfigurations.of(SpireMetricsAutoConfiguration.class))
			.run((child) -> {
				refreshed("partner.org", "success");
				assertThat(refreshes(parent.getBean(MeterRegistry.class), "partner.org", "success")).isOne();
			}));
	}

	@Test
	void runWhenDisabledHasNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false", "spire.federates-with=partner.org")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("spire.federation.age").meters())
				.isEmpty());
	}

	private void bind() {
		new SpireMeters(this.identity, this.clock).bindTo(this.registry);
	}

	private void become(SpireStatus.Federation... federation) {
		this.identity.become(TestIdentity.federating(federation));
	}

	private void refreshed(String trustDomain, String outcome) {
		for (SpireObserver observer : this.identity.observers()) {
			observer.refreshed(TrustDomain.of(trustDomain), outcome);
		}
	}

	private double age(String trustDomain) {
		return this.registry.get("spire.federation.age")
			.tag("trust.domain", trustDomain)
			.timeGauge()
			.value(TimeUnit.SECONDS);
	}

	private static double refreshes(MeterRegistry registry, String trustDomain, String outcome) {
		return registry.get("spire.federation.refreshes")
			.tag("trust.domain", trustDomain)
			.tag("outcome", outcome)
			.counter()
			.count();
	}

	private static SpireStatus.Federation answered(String trustDomain, Instant refreshedAt) {
		return SpireStatus.Federation.builder(TrustDomain.of(trustDomain), FederationState.TRUSTED, 1)
			.x509AuthorityCount(1)
			.jwtAuthorityCount(2)
			.refreshedAt(refreshedAt)
			.build();
	}

}
