package dev.psat.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import dev.psat.PsatAttestor;
import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.autoconfigure.metrics.PsatMetricsAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.support.Leftovers;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.LookObserver;
import dev.psat.token.ProjectedToken;
import dev.psat.token.Shown;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import dev.psat.token.WatchMode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for an application of which a {@link TokenHalf} says that it needs no token.
 */
class TokenHalfTests {

	private static final String MESSAGE = "The identity comes from elsewhere";

	private static final String ADVICE = "Ask that for it.";

	private final ApplicationContextRunner needed = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
				PsatHealthContributorAutoConfiguration.class, PsatMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class))
		.withPropertyValues("spire.psat.token-path=/no/such/directory/token", "spire.psat.fail-fast=true",
				"management.endpoints.web.exposure.include=psat");

	private final ApplicationContextRunner off = this.needed.withUserConfiguration(Off.class);

	@Test
	void nothingIsDemandedAndNothingIsChecked() {
		this.off
			.withPropertyValues("spire.psat.token-path=", "spire.psat.clock-skew=1h", "spire.psat.cluster=a//b",
					"spire.psat.refresh.poll-interval=1ms", "spire.psat.audience[0]=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void nothingIsReadAndNothingRunsAndNothingIsSaid() {
		try (CapturedLogs logs = new CapturedLogs()) {
			Leftovers leftovers = new Leftovers();
			this.off.run((context) -> {
				TokenStatus status = context.getBean(TokenSource.class).refresh();
				assertThat(status.tokenState()).isEqualTo(TokenState.NONE);
				assertThat(status.sourceState()).isNull();
				assertThat(status.watch()).isNull();
				leftovers.expectNone();
				assertThat(logs.all()).isEmpty();
			});
		}
	}

	@Test
	void attestorAndSourceRefuseAndSayWhy() {
		this.off.run((context) -> {
			PsatAttestor attestor = context.getBean(PsatAttestor.class);
			TokenSource source = context.getBean(TokenSource.class);
			for (Runnable question : List.<Runnable>of(attestor::payload, source::current, source::value)) {
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(question::run)
					.withMessage(MESSAGE)
					.satisfies((ex) -> assertThat(ex.advice()).isEqualTo(ADVICE));
			}
			assertThat(attestor.refusal()).isInstanceOf(TokenUnavailableException.class).hasMessage(MESSAGE);
		});
	}

	@Test
	void startThatDemandsPayloadIsToldWhyThereIsNone() {
		FailureAnalysis analysis = Failures.analyze(this.off.withUserConfiguration(Demanding.class),
				TokenUnavailableException.class, TokenUnavailableFailureAnalyzer::new);
		assertThat(analysis.getDescription())
			.isEqualTo("This application does without a projected service account token.\n\n" + MESSAGE);
		assertThat(analysis.getAction()).isEqualTo(ADVICE);
	}

	@Test
	void healthIsUpWithoutDetailsAndKnownToGroups() {
		this.off.run((context) -> {
			Health health = context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).isEmpty();
		});
	}

	@Test
	void endpointShowsNoToken() {
		this.off.withPropertyValues("spire.psat.cluster=demo-cluster").run((context) -> {
			PsatEndpoint endpoint = context.getBean(PsatEndpoint.class);
			JsonMapper mapper = new JsonMapper();
			assertThat(mapper.writeValueAsString(endpoint.psat())).isEqualTo("{\"enabled\":true}");
			assertThat(mapper.writeValueAsString(endpoint.refresh())).isEqualTo("{\"enabled\":true}");
			assertThat(endpoint.source("psat")).isNull();
		});
	}

	@Test
	void thereAreNoMetersOfTheDefaultSource() {
		this.off.run((context) -> assertThat(sourcesWithMeters(context)).isEmpty());
		this.needed.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(sourcesWithMeters(context)).containsOnly("psat"));
	}

	@Test
	void beansAreTheSameAsWhenNeeded() {
		this.off.run((off) -> this.needed.withUserConfiguration(Needed.class)
			.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.fail-fast=false")
			.run((needed) -> assertThat(ours(off)).isEqualTo(ours(needed))));
	}

	@Test
	void sourceForAnotherSystemWorksAndIsShown() {
		this.off.withUserConfiguration(UserSource.class).run(TokenHalfTests::assertUserSourceRuns);
	}

	@Test
	void sourceForAnotherSystemWorksAndIsShownWhenLazy() {
		this.off.withUserConfiguration(UserSource.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run(TokenHalfTests::assertUserSourceRuns);
	}

	private static void assertUserSourceRuns(AssertableApplicationContext context) {
		TokenSource source = context.getBean("vault", TokenSource.class);
		assertThat(Shown.watch(source.status()).mode()).isNotEqualTo(WatchMode.STOPPED);
		String token = context.getBean(SimulatedKubelet.class).rotate();
		await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
		PsatEndpoint endpoint = context.getBean(PsatEndpoint.class);
		assertThat(endpoint.psat().getSources()).containsExactly("vault");
		assertThat(endpoint.source("vault")).isNotNull();
		assertThat(context.getBean("vaultHealthIndicator", PsatHealthIndicator.class).health().getStatus())
			.isEqualTo(Status.UP);
		assertThat(sourcesWithMeters(context)).containsOnly("vault");
	}

	/**
	 * It may serve whatever the application wants, and nothing of ours sends its tokens
	 * anywhere.
	 */
	@Test
	void sourceThatReplacesOursRunsForTheApplicationAlone() {
		try (CapturedLogs logs = new CapturedLogs()) {
			this.off.withUserConfiguration(UserDefaultSource.class).run((context) -> {
				assertThat(context.getBean(TokenSource.class).value())
					.isEqualTo(context.getBean(SimulatedKubelet.class).token());
				assertThatExceptionOfType(TokenUnavailableException.class)
					.isThrownBy(context.getBean(PsatAttestor.class)::payload)
					.withMessage(MESSAGE);
				assertThat(context.getBean(PsatEndpoint.class).psat().getToken()).isNull();
				assertThat(logs.at(Level.WARN)).isEmpty();
			});
		}
	}

	@Test
	void sourceThatReplacesOursIsStartedAndStoppedAndNeitherAskedNorShown() {
		UntouchedSource source = new UntouchedSource();
		this.off.withBean(TokenSource.class, () -> source).run((context) -> {
			assertThat(context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP);
			assertThat(context.getBean(PsatEndpoint.class).refresh().getToken()).isNull();
			assertThat(sourcesWithMeters(context)).isEmpty();
			assertThat(source.calls).containsExactly("start");
		});
		assertThat(source.calls).containsExactly("start", "stop", "close");
	}

	@Test
	void attestorThatReplacesOursIsLeftToTheApplication() {
		PsatAttestor mine = () -> {
			throw new IllegalStateException("not to be asked");
		};
		this.off.withBean(PsatAttestor.class, () -> mine).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(PsatAttestor.class)).isSameAs(mine);
			assertThat(context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP);
			assertThat(context.getBean(PsatEndpoint.class).psat().getSource()).isNull();
		});
	}

	@Test
	void attestationThatIsDisabledIsToldAsSuch() {
		this.needed.withUserConfiguration(Needed.class)
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(PsatEndpoint.class).psat().isEnabled()).isFalse();
				assertThat(context.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
					.isEqualTo(Status.UNKNOWN);
			});
		this.off.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(context.getBean(PsatAttestor.class)::payload)
				.withMessageContaining("disabled by 'spire.psat.enabled'"));
	}

	@Test
	void missingClusterIsToldWithTheOtherWay() {
		FailureAnalysis analysis = Failures.analyze(this.needed.withUserConfiguration(Needed.class),
				PsatStartupException.class, PsatStartupFailureAnalyzer::new);
		assertThat(analysis.getDescription()).contains("The property 'spire.psat.cluster' is not set.");
		assertThat(analysis.getAction()).contains("cluster: demo-cluster").endsWith("to 'false'.\n\nOr otherwise.");
	}

	@Test
	void childDoesWithoutTokenAsItsParentDoes() {
		this.off.run((parent) -> this.needed.withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			assertThat(child.getBean(PsatAttestor.class)).isSameAs(parent.getBean(PsatAttestor.class));
			assertThat(child.getBean("psatHealthIndicator", PsatHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP);
		}));
	}

	/**
	 * Its parent has attested by then.
	 */
	@Test
	void childThatNeedsNoTokenLeavesThatOfItsParentAlone() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build()) {
			this.needed
				.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + kubelet.tokenPath())
				.run((parent) -> {
					this.off.withParent(parent).run((child) -> assertThat(child).hasNotFailed());
					assertThat(parent.getBean(PsatAttestor.class).payload().cluster()).isEqualTo("demo-cluster");
					assertThat(Shown.watch(parent.getBean(TokenSource.class).status()).mode())
						.isNotEqualTo(WatchMode.STOPPED);
				});
		}
	}

	@Test
	void contextsDecideEachForItself() {
		this.off.run((off) -> this.needed
			.run((other) -> assertThat(other).getFailure().hasStackTraceContaining("'spire.psat.cluster' is not set")));
	}

	private static List<String> ours(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return List.of(context.getBeanDefinitionNames()).stream().filter((name) -> name.startsWith("psat")).toList();
	}

	private static List<String> sourcesWithMeters(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("spire.psat"))
			.map((id) -> String.valueOf(id.getTag("source")))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Off {

		@Bean
		TokenHalf tokenHalf() {
			return TokenHalf.off(MESSAGE, ADVICE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Needed {

		@Bean
		TokenHalf tokenHalf() {
			return TokenHalf.needed("Or otherwise.");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Demanding {

		@Bean
		byte[] payload(ObjectProvider<PsatAttestor> attestor) {
			return attestor.getObject().payload().toBytes();
		}

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
			return TokenSource.builder(kubelet.tokenPath()).audience("spire-server").build();
		}

	}

	/**
	 * Notes what is done to it.
	 */
	private static final class UntouchedSource implements TokenSource {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public ProjectedToken current() {
			this.calls.add("current");
			throw new IllegalStateException("not to be asked");
		}

		@Override
		public void addListener(TokenListener listener) {
			this.calls.add("addListener");
		}

		@Override
		public void addObserver(LookObserver observer) {
			this.calls.add("addObserver");
		}

		@Override
		public void start() {
			this.calls.add("start");
		}

		@Override
		public void stop() {
			this.calls.add("stop");
		}

		@Override
		public void close() {
			this.calls.add("close");
		}

	}

}
