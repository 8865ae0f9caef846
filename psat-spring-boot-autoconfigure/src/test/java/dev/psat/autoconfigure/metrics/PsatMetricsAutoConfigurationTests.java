package dev.psat.autoconfigure.metrics;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.LookObserver;
import dev.psat.token.LookOutcome;
import dev.psat.token.ProjectedToken;
import dev.psat.token.Shown;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PsatMetricsAutoConfiguration} and the meters it wires.
 */
class PsatMetricsAutoConfigurationTests {

	private static final String PREFIX = "spire.psat.token.";

	private final MutableClock clock = MutableClock.running();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, PsatMetricsAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.psat.refresh.poll-interval=100ms");

	private final ApplicationContextRunner contextRunner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@AutoClose
	private final SimulatedKubelet inventory = SimulatedKubelet.builder().audience("inventory").build();

	private final ApplicationContextRunner further = this.contextRunner.withBean("inventory", TokenSource.class,
			() -> TokenSource.builder(this.inventory.tokenPath())
				.audience("inventory")
				.pollInterval(Duration.ofMillis(100))
				.build(),
			(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false));

	private final ApplicationContextRunner clocked = this.contextRunner.withBean("clockedSource", TokenSource.class,
			() -> TokenSource.builder(this.kubelet.tokenPath())
				.audience("spire-server")
				.pollInterval(Duration.ofMillis(100))
				.clock(this.clock)
				.build());

	@Test
	void runWithoutRegistryHasNoMeters() {
		this.withoutRegistry.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(TokenMeters.class);
			assertThat(context.getBean(TokenSource.class).value()).isEqualTo(this.kubelet.token());
		});
	}

	@Test
	void runWithoutSourceHasNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenMeters.class));
	}

	@Test
	void runWhenUserHasMetersOfSameNameKeepsThem() {
		this.contextRunner.withBean("psatTokenMeters", MeterBinder.class, () -> (registry) -> {
		}).run((context) -> assertThat(meters(context)).isEmpty());
	}

	@Test
	void metersAreThoseOfTheContract() {
		this.contextRunner.run((context) -> assertThat(meters(context)).isEqualTo(contract("psat")));
	}

	@Test
	void metersOfFurtherSourceAreTheSameByItsName() {
		this.further.run((context) -> {
			Map<String, String> expected = contract("psat");
			expected.putAll(contract("inventory"));
			assertThat(meters(context)).isEqualTo(expected);
		});
	}

	@Test
	void metersOfFurtherSourceFollowItAlone() {
		this.further.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Search inventory = registry.find(PREFIX + "rotations").tag("source", "inventory");
			TokenSource source = context.getBean("inventory", TokenSource.class);
			await().untilAsserted(() -> assertThat(reads(registry, "inventory", "accepted")).isOne());
			String token = this.inventory.rotate();
			await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
			assertThat(inventory.functionCounter()).satisfies((rotations) -> assertThat(rotations.count()).isOne());
			await().untilAsserted(() -> assertThat(reads(registry, "inventory", "accepted")).isEqualTo(2));
			assertThat(counter(registry, "rotations")).isZero();
			await().untilAsserted(() -> assertThat(reads(registry, "psat", "accepted")).isOne());
			assertThat(gauge(registry, "inventory", "usable")).isOne();
			this.inventory.rotateExpired();
			source.refresh();
			assertThat(gauge(registry, "inventory", "usable")).isOne();
			await().untilAsserted(() -> assertThat(reads(registry, "inventory", "stale")).isOne());
		});
	}

	@Test
	void metersOfSourceWithoutFileAreGaugesAlone() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> assertThat(meters(context)).containsOnlyKeys(PREFIX + "expires.in[(source=psat)]",
					PREFIX + "usable[(source=psat)]", PREFIX + "overdue[(source=psat)]"));
	}

	@Test
	void gaugesWhenSourceOfUserFailsShowNothingUsable() {
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> {
			throw new IllegalStateException("broken on purpose");
		}).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(expiresIn(registry)).isNaN();
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(gauge(registry, "overdue")).isZero();
		});
	}

	@Test
	void countersWhenSourceOfUserFailsKeepTheirValues() {
		FlakySource flaky = new FlakySource(
				TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build());
		this.contextRunner.withBean("mine", TokenSource.class, () -> flaky).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			rotate(flaky);
			assertThat(counter(registry, "rotations")).isOne();
			flaky.failing = true;
			assertThat(counter(registry, "rotations")).isOne();
			assertThat(expiresIn(registry)).isNaN();
			assertThat(gauge(registry, "usable")).isZero();
			flaky.failing = false;
			rotate(flaky);
			assertThat(counter(registry, "rotations")).isEqualTo(2);
		});
	}

	@Test
	void countersWhenSourceOfUserFailsAtFirstComeLater() {
		FlakySource flaky = new FlakySource(
				TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build());
		flaky.failing = true;
		this.contextRunner.withBean("mine", TokenSource.class, () -> flaky).run((context) -> {
			assertThat(meters(context)).isEqualTo(contract("psat"));
			flaky.failing = false;
			rotate(flaky);
			assertThat(counter(context.getBean(MeterRegistry.class), "rotations")).isOne();
		});
	}

	@Test
	void usableWhenAttestorOfUserNeedsNoSourceIsOne() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		this.kubelet.removeToken();
		this.contextRunner.withBean("mine", PsatAttestor.class, () -> () -> AttestationPayload.of("mine", token))
			.run((context) -> assertThat(gauge(context.getBean(MeterRegistry.class), "usable")).isOne());
	}

	@Test
	void usableWhenAttestorOfUserFailsIsZero() {
		this.contextRunner.withBean("mine", PsatAttestor.class, () -> () -> {
			throw new IllegalStateException("broken on purpose");
		}).run((context) -> assertThat(gauge(context.getBean(MeterRegistry.class), "usable")).isZero());
	}

	@Test
	void usableWhenAttestorIsOfUserFollowsItsRefusal() {
		this.contextRunner.withBean("mine", PsatAttestor.class, FussyAttestor::new)
			.run((context) -> assertThat(gauge(context.getBean(MeterRegistry.class), "usable")).isZero());
	}

	@Test
	void gaugesWhenThereIsNoTokenShowNothingUsable() {
		this.kubelet.removeToken();
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(expiresIn(registry)).isNaN();
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(gauge(registry, "overdue")).isZero();
			assertThat(counter(registry, "rotations")).isZero();
			assertThat(registry.get(PREFIX + "publish").timer().count()).isZero();
		});
	}

	@Test
	void gaugesWhenDisabledShowNothingUsable() {
		this.contextRunner.withPropertyValues("spire.psat.enabled=false").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(expiresIn(registry)).isNaN();
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(gauge(registry, "overdue")).isZero();
		});
	}

	@Test
	void gaugesWhenDisabledAndSourceIsOfUserShowNothingUsable() {
		this.clocked.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(gauge(context.getBean(MeterRegistry.class), "usable")).isZero());
	}

	@Test
	void gaugesFollowTheClock() {
		this.clocked.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(gauge(registry, "usable")).isOne());
			assertThat(expiresIn(registry)).isBetween(590.0, 600.0);
			assertThat(gauge(registry, "overdue")).isZero();
			this.clock.setAhead(Duration.ofSeconds(590));
			assertThat(expiresIn(registry)).isBetween(0.0, 10.0);
			assertThat(gauge(registry, "usable")).isOne();
			assertThat(gauge(registry, "overdue")).isOne();
			this.clock.setAhead(Duration.ofSeconds(630));
			assertThat(expiresIn(registry)).isBetween(-40.0, -30.0);
			assertThat(gauge(registry, "usable")).isOne();
			assertThat(gauge(registry, "overdue")).isOne();
			this.clock.setAhead(Duration.ofSeconds(700));
			assertThat(expiresIn(registry)).isBetween(-110.0, -100.0);
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(gauge(registry, "overdue")).isOne();
			this.clock.setAhead(Duration.ZERO);
			assertThat(gauge(registry, "usable")).isOne();
			assertThat(gauge(registry, "overdue")).isZero();
		});
	}

	@Test
	void gaugesWhenTokenIsNotYetValidShowNothingUsable() {
		this.kubelet.rotateNotYetValid(Duration.ofMinutes(5));
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(expiresIn(registry)).isGreaterThan(800));
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(gauge(registry, "overdue")).isZero();
		});
	}

	@Test
	void usableWhenSourceIsForAnotherAudienceIsZero() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(gauge(registry, "usable")).isZero();
			assertThat(expiresIn(registry)).isPositive();
		});
	}

	@Test
	void rotationsCountTokensAfterTheFirst() {
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(counter(registry, "rotations")).isZero();
			rotate(context.getBean(TokenSource.class));
			assertThat(counter(registry, "rotations")).isOne();
			rotate(context.getBean(TokenSource.class));
			assertThat(counter(registry, "rotations")).isEqualTo(2);
			// an event that is slow on a busy machine counts as missed
			await().untilAsserted(() -> assertThat(counter(registry, "missed.events"))
				.isEqualTo(Shown.watch(context.getBean(TokenSource.class).status()).missedEvents()));
		});
	}

	@Test
	void publishRecordsEveryAcceptedLook() {
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			for (int i = 0; i < 5; i++) {
				rotate(context.getBean(TokenSource.class));
			}
			Timer timer = registry.get(PREFIX + "publish").timer();
			await().untilAsserted(() -> assertThat(timer.count()).isEqualTo(6));
			assertThat(reads(registry, "accepted")).isEqualTo(6);
			assertThat(timer.max(TimeUnit.SECONDS)).isBetween(0.0, 5.0);
		});
	}

	@Test
	void readsCountFirstLookAlthoughItPrecedesRegistry() {
		this.contextRunner.withPropertyValues("spire.psat.refresh.poll-interval=24h").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(reads(registry, "accepted")).isOne());
			await().untilAsserted(() -> assertThat(registry.get(PREFIX + "publish").timer().count()).isOne());
		});
	}

	@Test
	void readsCountEachProblemOnceByItsOutcome() {
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			TokenSource source = context.getBean(TokenSource.class);
			this.kubelet.removeToken();
			expect(source, SourceState.MISSING);
			rotate(source);
			this.kubelet.write("no token".getBytes());
			expect(source, SourceState.MALFORMED);
			rotate(source);
			this.kubelet.rotateWithAudience("vault");
			expect(source, SourceState.WRONG_AUDIENCE);
			rotate(source);
			this.kubelet.rotateExpired();
			expect(source, SourceState.STALE);
			rotate(source);
			double unchanged = reads(registry, "unchanged");
			await().untilAsserted(() -> assertThat(reads(registry, "unchanged")).isGreaterThan(unchanged + 2));
			assertThat(reads(registry, "accepted")).isEqualTo(5);
			assertThat(reads(registry, "missing")).isOne();
			assertThat(reads(registry, "malformed")).isOne();
			assertThat(reads(registry, "wrong-audience")).isOne();
			assertThat(reads(registry, "stale")).isOne();
			assertThat(reads(registry, "unreadable")).isZero();
			assertThat(Shown.watch(source.status()).rejectedReads()).isEqualTo(3);
		});
	}

	@Test
	void readsWhenPathIsDirectoryCountUnreadable() throws IOException {
		this.kubelet.removeToken();
		Files.createDirectory(this.kubelet.tokenPath());
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(reads(registry, "unchanged")).isGreaterThan(2));
			assertThat(reads(registry, "unreadable")).isOne();
		});
		Files.delete(this.kubelet.tokenPath());
	}

	@Test
	void readsCountEveryLookOnce() {
		AtomicLong looks = new AtomicLong();
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			source.addObserver((outcome, sinceCause) -> looks.incrementAndGet());
			this.kubelet.removeToken();
			expect(source, SourceState.MISSING);
			rotate(source);
			source.stop();
			source.refresh();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(
					registry.get(PREFIX + "reads").counters().stream().mapToDouble(Counter::count).sum())
				.isEqualTo(looks.get()));
		});
	}

	@Test
	void metersOfTwoRegistriesShowTheSame() {
		this.contextRunner.withBean("first", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("second", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				rotate(context.getBean(TokenSource.class));
				for (MeterRegistry registry : context.getBeansOfType(SimpleMeterRegistry.class).values()) {
					await()
						.untilAsserted(() -> assertThat(registry.get(PREFIX + "publish").timer().count()).isEqualTo(2));
					assertThat(reads(registry, "accepted")).isEqualTo(2);
					assertThat(counter(registry, "rotations")).isOne();
				}
			});
	}

	/**
	 * Each child has meters of its own, since the parent has no registry.
	 */
	@Test
	void closedChildrenLeaveNoMetersWithTheSourceOfTheirParent() {
		this.withoutRegistry.run((parent) -> {
			List<WeakReference<Meter>> meters = new ArrayList<>();
			for (int child = 0; child < 20; child++) {
				this.contextRunner.withParent(parent)
					.run((context) -> context.getBean(MeterRegistry.class)
						.getMeters()
						.forEach((meter) -> meters.add(new WeakReference<>(meter))));
			}
			assertThat(meters).hasSizeGreaterThan(200);
			await().untilAsserted(() -> {
				System.gc();
				assertThat(meters).allMatch((meter) -> meter.refersTo(null));
			});
			rotate(parent.getBean(TokenSource.class));
		});
	}

	@Test
	void metersOfAClosedContextCountNoFurtherLook() {
		this.withoutRegistry.run((parent) -> {
			List<MeterRegistry> registries = new ArrayList<>();
			this.contextRunner.withBean(SimpleMeterRegistry.class, () -> new SimpleMeterRegistry())
				.withParent(parent)
				.run((context) -> {
					registries.add(context.getBean(MeterRegistry.class));
					await().untilAsserted(() -> assertThat(reads(registries.get(0), "accepted")).isOne());
				});
			AtomicLong accepted = new AtomicLong();
			TokenSource source = parent.getBean(TokenSource.class);
			source.addObserver((outcome, sinceCause) -> accepted.addAndGet((outcome == LookOutcome.ACCEPTED) ? 1 : 0));
			rotate(source);
			await().untilAsserted(() -> assertThat(accepted).hasValue(2));
			assertThat(reads(registries.get(0), "accepted")).isOne();
		});
	}

	@Test
	void metersSurviveGarbageCollection() {
		this.contextRunner.run((context) -> {
			System.gc();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(context.getBean(TokenSource.class).status().tokenState()).isEqualTo(TokenState.VALID);
			assertThat(gauge(registry, "usable")).isOne();
			await().untilAsserted(() -> assertThat(reads(registry, "accepted")).isOne());
		});
	}

	private static Map<String, String> meters(ApplicationContext context) {
		Map<String, String> meters = new TreeMap<>();
		for (Meter meter : context.getBean(MeterRegistry.class).getMeters()) {
			if (meter.getId().getName().startsWith("spire.")) {
				assertThat(meter.getId().getDescription()).isNotBlank();
				String tags = meter.getId().getTags().stream().map(Tag::toString).toList().toString();
				meters.put(meter.getId().getName() + tags.replace("tag", ""), type(meter));
			}
		}
		return meters;
	}

	private static Map<String, String> contract(String source) {
		Map<String, String> meters = new TreeMap<>();
		String tags = "[(source=%s)]".formatted(source);
		meters.put(PREFIX + "expires.in" + tags, "time gauge in seconds");
		meters.put(PREFIX + "usable" + tags, "gauge");
		meters.put(PREFIX + "overdue" + tags, "gauge");
		meters.put(PREFIX + "rotations" + tags, "function counter");
		meters.put(PREFIX + "missed.events" + tags, "function counter");
		meters.put(PREFIX + "publish" + tags, "timer in seconds");
		for (String outcome : List.of("unchanged", "accepted", "missing", "unreadable", "malformed", "wrong-audience",
				"stale")) {
			meters.put(PREFIX + "reads[(outcome=%s), (source=%s)]".formatted(outcome, source), "counter");
		}
		return meters;
	}

	private void rotate(TokenSource source) {
		String token = this.kubelet.rotate();
		await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
		expect(source, SourceState.OK);
	}

	private static void expect(TokenSource source, SourceState state) {
		await().pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(source.status().sourceState()).isEqualTo(state));
	}

	private static double expiresIn(MeterRegistry registry) {
		return registry.get(PREFIX + "expires.in").timeGauge().value(TimeUnit.SECONDS);
	}

	private static double gauge(MeterRegistry registry, String name) {
		return gauge(registry, "psat", name);
	}

	private static double gauge(MeterRegistry registry, String source, String name) {
		return registry.get(PREFIX + name).tag("source", source).gauge().value();
	}

	private static double counter(MeterRegistry registry, String name) {
		return registry.get(PREFIX + name).tag("source", "psat").functionCounter().count();
	}

	private static double reads(MeterRegistry registry, String outcome) {
		return reads(registry, "psat", outcome);
	}

	private static double reads(MeterRegistry registry, String source, String outcome) {
		return registry.get(PREFIX + "reads").tags("source", source, "outcome", outcome).counter().count();
	}

	private static String type(Meter meter) {
		if (meter instanceof TimeGauge timeGauge) {
			return "time gauge in " + timeGauge.getId().getBaseUnit();
		}
		if (meter instanceof Timer timer) {
			return "timer in " + timer.getId().getBaseUnit();
		}
		if (meter instanceof Gauge) {
			return "gauge";
		}
		if (meter instanceof Counter) {
			return "counter";
		}
		return (meter instanceof FunctionCounter) ? "function counter" : meter.getClass().getName();
	}

	private static final class FussyAttestor implements PsatAttestor {

		@Override
		public AttestationPayload payload() {
			throw new UnsupportedOperationException();
		}

		@Override
		public TokenUnavailableException refusal() {
			return new TokenUnavailableException("never", TokenState.VALID, SourceState.OK, "none");
		}

	}

	private static final class FlakySource implements TokenSource {

		private final TokenSource source;

		private volatile boolean failing;

		FlakySource(TokenSource source) {
			this.source = source;
		}

		@Override
		public ProjectedToken current() {
			return this.source.current();
		}

		@Override
		public TokenStatus status() {
			if (this.failing) {
				throw new IllegalStateException("broken on purpose");
			}
			return this.source.status();
		}

		@Override
		public void addObserver(LookObserver observer) {
			this.source.addObserver(observer);
		}

		@Override
		public void start() {
			this.source.start();
		}

		@Override
		public void stop() {
			this.source.stop();
		}

		@Override
		public void close() {
			this.source.close();
		}

	}

}
