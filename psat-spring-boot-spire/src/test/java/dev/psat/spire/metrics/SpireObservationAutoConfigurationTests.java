package dev.psat.spire.metrics;

import java.util.List;
import java.util.Objects;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireObserver.Request;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpireObservationAutoConfiguration} and the observations it wires.
 */
class SpireObservationAutoConfigurationTests {

	private static final Request BANK = Request.builder(Request.Type.JWT_SVID)
		.audience(List.of("bank", "stock"))
		.build();

	private static final Request RENEWAL = Request.builder(Request.Type.X509_SVID).build();

	private final TestIdentity identity = new TestIdentity();

	private final ObservedContexts handler = new ObservedContexts();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireMetricsAutoConfiguration.class, SpireObservationAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")
		.withBean(SpireIdentity.class, () -> this.identity);

	private final ApplicationContextRunner contextRunner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withBean(ObservedContexts.class, () -> this.handler);

	@Test
	void runWithoutRegistryObservesNothing() {
		this.withoutRegistry.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(SpireObservations.class);
			assertThat(observer()).isNull();
		});
	}

	@Test
	void runWithoutMicrometerObservesNothing() {
		this.withoutRegistry.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("spireObservations"));
	}

	@Test
	void runWithoutIdentityObservesNothing() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(SpireObservationAutoConfiguration.class, ObservationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireObservations.class));
	}

	@Test
	void runWithSeveralRegistriesObservesNothing() {
		this.withoutRegistry.withBean("one", ObservationRegistry.class, ObservationRegistry::create)
			.withBean("another", ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireObservations.class));
	}

	@Test
	void runWhenUserHasBeanOfSameNameKeepsIt() {
		this.contextRunner.withBean("spireObservations", String.class, () -> "none").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(SpireObservations.class);
			assertThat(observer()).isNull();
		});
	}

	@Test
	void requestsAreObservedWithTheirOutcome() {
		this.contextRunner.run((context) -> {
			request(BANK, "success");
			request(RENEWAL, "unreachable");
			request(Request.builder(Request.Type.ATTESTATION).build(), "service-account-not-allowed");
			assertThat(this.handler.stopped()).map(SpireObservationAutoConfigurationTests::told)
				.containsExactly("spire.request.jwt.svid|spire jwt-svid|[outcome=success]|[audience=bank, stock]|null",
						"spire.request.x509.svid|spire x509-svid|[outcome=unreachable]|[]|unreachable",
						"spire.request.attestation|spire attestation|[outcome=service-account-not-allowed]|[]"
								+ "|service-account-not-allowed");
			assertThat(this.handler.stopped().get(1).getError()).hasNoCause()
				.extracting(Throwable::getStackTrace)
				.isEqualTo(new StackTraceElement[0]);
		});
	}

	@Test
	void callersObservationIsTheParentAndCurrentAgainAfterwards() {
		this.contextRunner.run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			Observation caller = Observation.start("caller", registry);
			try (Observation.Scope scope = caller.openScope()) {
				SpireObserver.Ending ending = Objects.requireNonNull(observer()).requesting(BANK);
				Observation.Context observed = Objects.requireNonNull(registry.getCurrentObservation()).getContext();
				assertThat(observed.getName()).isEqualTo("spire.request.jwt.svid");
				assertThat(observed.getParentObservation()).isSameAs(caller);
				Objects.requireNonNull(ending).ended("success");
				assertThat(registry.getCurrentObservationScope()).isSameAs(scope);
			}
			request(RENEWAL, "success");
			assertThat(this.handler.stopped().get(1).getParentObservation()).isNull();
			assertThat(registry.getCurrentObservationScope()).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "onStart", "onScopeOpened" })
	void handlerThatFailsAtTheBeginningLeavesNoScopeOpen(String method) {
		ObservedContexts before = new ObservedContexts();
		observeWith(before, new ObservedContexts(method));
		Observation caller = Observation.start("caller", this.registry);
		try (Observation.Scope scope = caller.openScope()) {
			SpireObserver observer = new SpireObservations(this.identity, this.registry);
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> observer.requesting(BANK));
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(scope);
		}
		assertThat(before.stopped()).hasSize(1);
		assertThat(before.scopes()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "onError", "onScopeClosed", "onStop" })
	void handlerThatFailsAtTheEndLeavesNoScopeOpen(String method) {
		ObservedContexts before = new ObservedContexts();
		observeWith(before, new ObservedContexts(method));
		Observation caller = Observation.start("caller", this.registry);
		try (Observation.Scope scope = caller.openScope()) {
			SpireObserver.Ending ending = new SpireObservations(this.identity, this.registry).requesting(BANK);
			assertThatExceptionOfType(NoClassDefFoundError.class)
				.isThrownBy(() -> Objects.requireNonNull(ending).ended("unreachable"));
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(scope);
		}
	}

	@Test
	void handlersMakeNoMetersBesidesOurs() {
		this.contextRunner.run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			List<String> before = names(meters);
			request(BANK, "success");
			request(RENEWAL, "unreachable");
			assertThat(this.handler.stopped()).hasSize(2);
			assertThat(names(meters)).isEqualTo(before).noneMatch((name) -> name.contains(".request."));
			Observation.createNotStarted("caller", context.getBean(ObservationRegistry.class)).observe(() -> {
			});
			assertThat(names(meters)).contains("caller");
		});
	}

	@Test
	void propertyOfSpringBootSwitchesObservationsOff() {
		this.contextRunner.withPropertyValues("management.observations.enable.spire.request=false").run((context) -> {
			request(BANK, "success");
			assertThat(this.handler.stopped()).isEmpty();
		});
	}

	@Test
	void lazyApplicationObservesFromTheStart() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				request(BANK, "success");
				assertThat(this.handler.stopped()).hasSize(1);
			});
	}

	@Test
	void identityOfTheParentIsObservedOnce() {
		this.contextRunner.run((parent) -> this.contextRunner.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			assertThat(this.identity.observers()).filteredOn(SpireObservations.class::isInstance).hasSize(1);
		}));
	}

	@Test
	void identityThatOutlivesTheContextIsNoLongerObserved() {
		this.contextRunner.run((context) -> assertThat(observer()).isNotNull());
		assertThat(observer()).isNull();
	}

	private void observeWith(ObservedContexts... handlers) {
		for (ObservedContexts handler : handlers) {
			this.registry.observationConfig().observationHandler(handler);
		}
	}

	private void request(Request request, String outcome) {
		for (SpireObserver observer : this.identity.observers()) {
			SpireObserver.Ending ending = observer.requesting(request);
			if (ending != null) {
				ending.ended(outcome);
			}
		}
	}

	private @Nullable SpireObserver observer() {
		return this.identity.observers().stream().filter(SpireObservations.class::isInstance).findFirst().orElse(null);
	}

	private static List<String> names(MeterRegistry meters) {
		return meters.getMeters().stream().map((meter) -> meter.getId().getName()).sorted().toList();
	}

	private static String told(Observation.Context context) {
		Throwable error = context.getError();
		return String.join("|", context.getName(), context.getContextualName(),
				told(context.getLowCardinalityKeyValues()), told(context.getHighCardinalityKeyValues()),
				(error != null) ? error.getMessage() : "null");
	}

	private static String told(Iterable<KeyValue> values) {
		StringBuilder told = new StringBuilder();
		values.forEach((value) -> told.append(value.getKey()).append('=').append(value.getValue()));
		return "[" + told + "]";
	}

}
