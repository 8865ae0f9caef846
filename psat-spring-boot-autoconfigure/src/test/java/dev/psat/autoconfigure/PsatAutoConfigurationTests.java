package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.support.Leftovers;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.Shown;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;
import dev.psat.token.WatchMode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.TaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PsatAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PsatAutoConfigurationTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner withoutCluster = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withPropertyValues("spire.psat.token-path=" + this.kubelet.tokenPath());

	private final ApplicationContextRunner contextRunner = this.withoutCluster
		.withPropertyValues("spire.psat.cluster=demo-cluster");

	@Test
	void definesSourceAttestorAndLifecycle() {
		this.contextRunner.run((context) -> {
			assertThat(context).getBean("psatTokenSource").isInstanceOf(TokenSource.class);
			assertThat(context).getBean("psatAttestor").isInstanceOf(PsatAttestor.class);
			assertThat(context).getBean("psatLifecycle").isInstanceOf(PsatLifecycle.class);
			assertThat(context).hasSingleBean(TokenSource.class).hasSingleBean(PsatAttestor.class);
			assertServes(context, this.kubelet);
		});
	}

	@Test
	void definesNoScheduler() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(TaskScheduler.class));
	}

	@Test
	void payloadWhenTokenIsInForceIsThatOfCluster() {
		this.contextRunner.run((context) -> {
			AttestationPayload payload = context.getBean(PsatAttestor.class).payload();
			assertThat(payload.type()).isEqualTo("k8s_psat");
			assertThat(payload.cluster()).isEqualTo("demo-cluster");
			assertThat(new String(payload.toBytes()))
				.isEqualTo("{\"cluster\":\"demo-cluster\",\"token\":\"%s\"}".formatted(this.kubelet.token()));
		});
	}

	@Test
	void clusterWhenItHasSegmentsIsTaken() {
		this.withoutCluster.withPropertyValues("spire.psat.cluster=eu-1/prod_a.b")
			.run((context) -> assertThat(context.getBean(PsatAttestor.class).payload().cluster())
				.isEqualTo("eu-1/prod_a.b"));
	}

	@Test
	void tokenPathIsWhatIsRead() {
		this.contextRunner.run((context) -> assertThat(Shown.watch(context.getBean(TokenSource.class).status()).path())
			.isEqualTo(this.kubelet.tokenPath()));
	}

	@Test
	void audienceIsWhatTokensHaveToBeMeantFor() {
		this.contextRunner.withPropertyValues("spire.psat.audience=spire.example.org").run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			await()
				.untilAsserted(() -> assertThat(source.status().sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE));
			String token = this.kubelet.rotateWithAudience("spire.example.org");
			await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
		});
	}

	@Test
	void audienceWhenItIsListAllowsEach() {
		this.contextRunner.withPropertyValues("spire.psat.audience=other,spire-server")
			.run((context) -> assertServes(context, this.kubelet));
	}

	@Test
	void audienceWhenEmptyTakesEveryTokenAndSaysSoOnce() {
		this.kubelet.rotateWithAudience("whoever");
		try (CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.withPropertyValues("spire.psat.audience=").run((context) -> {
				assertServes(context, this.kubelet);
				assertThat(logs.at(Level.WARN)).singleElement()
					.asString()
					.contains("regardless of their audience", this.kubelet.tokenPath().toString());
			});
		}
	}

	@Test
	void audienceWhenEmptyIsLoggedOnceWithUserSourceToo() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("whoever"));
		try (CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.withPropertyValues("spire.psat.audience=")
				.withBean("mine", TokenSource.class, () -> () -> token)
				.run((context) -> {
					assertThat(context.getBean(PsatAttestor.class).payload()).isNotNull();
					assertThat(logs.at(Level.WARN))
						.filteredOn((line) -> line.contains("'spire.psat.audience' is empty"))
						.singleElement()
						.asString()
						.contains("'mine'", "regardless of their audience");
				});
		}
	}

	@Test
	void furtherSourceWithoutAudienceIsLoggedWithoutNamingProperties() {
		try (CapturedLogs logs = new CapturedLogs();
				TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).build()) {
			assertThat(Shown.watch(source.status()).path()).isNotNull();
			assertThat(logs.at(Level.WARN)).singleElement()
				.asString()
				.contains("regardless of their audience")
				.doesNotContain("spire.psat");
		}
	}

	@Test
	void clockSkewIsLeewayOnExpiry() {
		this.kubelet.rotateWithClockSkew(Duration.ofSeconds(-630));
		this.contextRunner.run((context) -> await()
			.untilAsserted(() -> assertThat(tokenState(context)).isEqualTo(TokenState.OVERDUE)));
		this.contextRunner.withPropertyValues("spire.psat.clock-skew=0")
			.run((context) -> await()
				.untilAsserted(() -> assertThat(tokenState(context)).isEqualTo(TokenState.EXPIRED)));
	}

	@Test
	void watchWhenFalsePolls() {
		this.contextRunner.withPropertyValues("spire.psat.refresh.watch=false").run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			await().untilAsserted(() -> assertThat(Shown.watch(source.status()).mode()).isEqualTo(WatchMode.POLLING));
		});
	}

	@Test
	void watchWhenNotSetUsesEvents() {
		assumeThat(Leftovers.canWatch()).isTrue();
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			await().untilAsserted(() -> assertThat(Shown.watch(source.status()).mode()).isEqualTo(WatchMode.EVENTS));
		});
	}

	@Test
	void pollIntervalIsHowOftenContentIsCompared() {
		this.contextRunner
			.withPropertyValues("spire.psat.refresh.watch=false", "spire.psat.refresh.poll-interval=100ms")
			.run((context) -> {
				TokenSource source = context.getBean(TokenSource.class);
				// less than the default, each time, unless the machine is busy
				await().until(() -> Stream.generate(() -> rotate(source))
					.limit(3)
					.allMatch((time) -> time.compareTo(Duration.ofSeconds(4)) < 0));
			});
	}

	private Duration rotate(TokenSource source) {
		String token = this.kubelet.rotate();
		long rotated = System.nanoTime();
		await().until(() -> source.value().equals(token));
		return Duration.ofNanos(System.nanoTime() - rotated);
	}

	@Test
	void userSourceReplacesOurs() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		this.contextRunner.withPropertyValues("spire.psat.token-path=/no/such/path")
			.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> {
				assertThat(context).hasSingleBean(TokenSource.class).doesNotHaveBean("psatTokenSource");
				assertThat(context.getBean(PsatAttestor.class).payload().fingerprint()).isEqualTo(token.fingerprint());
				// that of another test may still be ending
				await().until(() -> RunningThreads.beginningWith("psat-").isEmpty());
			});
	}

	@Test
	void userSourceThatReplacesOursIsLoggedOnce() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		try (CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token).run((context) -> {
				context.getSourceApplicationContext().stop();
				context.getSourceApplicationContext().start();
				assertThat(logs.at(Level.WARN)).singleElement()
					.asString()
					.contains("'mine'", "replaces the default one", "defaultCandidate = false");
			});
		}
	}

	@Test
	void userSourceWithTheNameOfOursIsLoggedToo() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		for (ApplicationContextRunner runner : List.of(
				this.contextRunner.withBean("psatTokenSource", TokenSource.class, () -> () -> token),
				this.contextRunner.withPropertyValues("test.path=" + this.kubelet.tokenPath())
					.withUserConfiguration(SameName.class),
				this.contextRunner.withInitializer((context) -> context.getBeanFactory()
					.registerSingleton("psatTokenSource", (TokenSource) () -> token)))) {
			try (CapturedLogs logs = new CapturedLogs()) {
				runner.run((context) -> assertThat(logs.at(Level.WARN)).singleElement()
					.asString()
					.contains("'psatTokenSource'", "replaces the default one"));
			}
		}
	}

	@Test
	void userSourcesThatAreAllCandidatesStopStartWithTheirNames() {
		for (String name : List.of("source", "other")) {
			ApplicationContextRunner runner = this.contextRunner
				.withBean(name, TokenSource.class, PsatAutoConfigurationTests::none)
				.withBean("vault", TokenSource.class, PsatAutoConfigurationTests::none);
			FailureAnalysis analysis = analyze(runner);
			assertThat(analysis.getDescription()).contains("'" + name + "', 'vault'");
			assertThat(analysis.getAction()).contains("@Bean(defaultCandidate = false)").contains("@Primary");
		}
	}

	@Test
	void userSourcesThatAreAllCandidatesAreAnalyzedByUsAlone(CapturedOutput output) {
		SpringApplication application = new SpringApplication(TwoSources.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> application.run("--spire.psat.cluster=demo-cluster", "--spring.main.banner-mode=off"))
			.withRootCauseInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("defaultCandidate = false")
			.doesNotContain("-parameters");
	}

	@Test
	void userSourceBesideThatOfTheParentStopsStartWithBothNames() {
		this.contextRunner.run((parent) -> {
			FailureAnalysis analysis = analyze(this.contextRunner.withParent(parent)
				.withBean("childish", TokenSource.class, PsatAutoConfigurationTests::none));
			assertThat(analysis.getDescription()).contains("'childish', 'psatTokenSource'");
		});
	}

	@Test
	void primarySourceOfTheChildIsItsDefaultOneAndAttestsByAnAttestorOfTheChild() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		this.contextRunner.run((parent) -> {
			ApplicationContextRunner child = this.contextRunner.withParent(parent)
				.withBean("childish", TokenSource.class, () -> () -> token, (bean) -> bean.setPrimary(true));
			child.run((context) -> {
				assertThat(context.getBean(TokenSource.class).current()).isSameAs(token);
				assertThat(context.getBean(PsatAttestor.class)).isSameAs(parent.getBean(PsatAttestor.class));
			});
			child
				.withBean("psatAttestor", PsatAttestor.class,
						() -> PsatAttestor.of("demo-cluster", () -> token, List.of("spire-server")))
				.run((context) -> assertThat(context.getBean(PsatAttestor.class).payload().fingerprint())
					.isEqualTo(token.fingerprint()));
		});
	}

	@Test
	void sourceOfTheParentServesTheChildWithFurtherSource() {
		this.contextRunner.run((parent) -> this.contextRunner.withParent(parent)
			.withBean("childish", TokenSource.class, PsatAutoConfigurationTests::none,
					(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
			.run((child) -> {
				assertThat(child).hasNotFailed();
				assertThat(TokenSources
					.byDefault(child.getSourceApplicationContext().getBeanFactory(), PsatAutoConfiguration.class)
					.source()).isSameAs(parent.getBean("psatTokenSource"));
			}));
	}

	@Test
	void userSourceThatIsPrimaryOrNoFallbackIsTheDefaultOne() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		ApplicationContextRunner primary = this.contextRunner
			.withBean("source", TokenSource.class, PsatAutoConfigurationTests::none)
			.withBean("main", TokenSource.class, () -> () -> token, (bean) -> bean.setPrimary(true));
		ApplicationContextRunner fallback = this.contextRunner
			.withBean("source", TokenSource.class, PsatAutoConfigurationTests::none, (bean) -> bean.setFallback(true))
			.withBean("main", TokenSource.class, () -> () -> token);
		for (ApplicationContextRunner runner : List.of(primary, fallback)) {
			runner.run((context) -> assertThat(context.getBean(PsatAttestor.class).payload().fingerprint())
				.isEqualTo(token.fingerprint()));
		}
	}

	@Test
	void userSourceThatReplacesNothingIsNotLogged() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		try (SimulatedKubelet vault = SimulatedKubelet.builder().audience("vault").build();
				CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.run((parent) -> this.contextRunner.withParent(parent)
				.run((context) -> assertThat(context).hasNotFailed()));
			this.contextRunner.withPropertyValues("test.vault-path=" + vault.tokenPath())
				.withUserConfiguration(SecondSource.class)
				.run((context) -> assertThat(context).hasNotFailed());
			this.contextRunner.withPropertyValues("spire.psat.enabled=false")
				.withBean("mine", TokenSource.class, () -> () -> token)
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(logs.at(Level.WARN)).isEmpty();
		}
	}

	@Test
	void furtherSourceWithTheNameOfTheDefaultOneStopsStart() {
		ApplicationContextRunner named = this.contextRunner.withBean("psat", TokenSource.class,
				PsatAutoConfigurationTests::none, (bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false));
		for (ApplicationContextRunner runner : List.of(named, lazy(named),
				named.withConfiguration(AutoConfigurations.of(PsatHealthContributorAutoConfiguration.class)))) {
			FailureAnalysis analysis = analyze(runner);
			assertThat(analysis.getDescription()).contains("'psat' is the name of the default token source");
			assertThat(analysis.getAction()).contains("a different name");
		}
	}

	@Test
	void userSourceWithoutClusterStopsStart() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.issueToken());
		this.withoutCluster.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(PsatStartupException.class));
	}

	@Test
	void userSourceForAnotherAudienceIsRefused() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.contextRunner.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> assertThatExceptionOfType(TokenUnavailableException.class)
				.isThrownBy(context.getBean(PsatAttestor.class)::payload)
				.satisfies((ex) -> assertThat(ex.sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE))
				.satisfies((ex) -> assertThat(ex.advice()).isNotBlank()));
	}

	@Test
	void userAttestorReplacesOursAndNeedsNoCluster() {
		AttestationPayload payload = AttestationPayload.of("mine", ProjectedToken.parse(this.kubelet.token()));
		this.withoutCluster.withBean("mine", PsatAttestor.class, () -> () -> payload).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(PsatAttestor.class).doesNotHaveBean("psatAttestor");
			assertThat(context.getBean(PsatAttestor.class).payload()).isSameAs(payload);
			assertThat(context.getBean("psatTokenSource", TokenSource.class).value()).isEqualTo(this.kubelet.token());
		});
	}

	@Test
	void secondSourceThatIsNotDefaultCandidateRunsBesideOurs() {
		try (SimulatedKubelet vault = SimulatedKubelet.builder().audience("vault").build()) {
			this.contextRunner.withPropertyValues("test.vault-path=" + vault.tokenPath())
				.withUserConfiguration(SecondSource.class)
				.run((context) -> {
					TokenSource second = context.getBean("vault", TokenSource.class);
					assertThat(context.getBean(InjectedSource.class).source())
						.isSameAs(context.getBean("psatTokenSource"));
					assertServes(context, this.kubelet);
					String token = vault.rotate();
					await().untilAsserted(() -> assertThat(second.value()).isEqualTo(token));
					assertThat(Shown.watch(second.status()).mode()).isNotEqualTo(WatchMode.STOPPED);
					context.getSourceApplicationContext().stop();
					assertThat(Shown.watch(second.status()).mode()).isEqualTo(WatchMode.STOPPED);
					context.close();
					assertThatIllegalStateException().isThrownBy(second::value);
				});
		}
		await().until(() -> RunningThreads.beginningWith("psat-").isEmpty());
	}

	@Test
	void eventsWhenThereIsSecondSourceComeFromOursAlone() {
		try (SimulatedKubelet vault = SimulatedKubelet.builder().audience("vault").build()) {
			this.contextRunner.withPropertyValues("test.vault-path=" + vault.tokenPath())
				.withUserConfiguration(SecondSource.class)
				.run((context) -> {
					List<TokenRotatedEvent> rotations = context.getBean(SecondSource.class).rotations;
					TokenSource second = context.getBean("vault", TokenSource.class);
					await()
						.untilAsserted(() -> assertThat(context.getBean(SecondSource.class).stateChanges).hasSize(1));
					String token = vault.rotate();
					await().untilAsserted(() -> assertThat(second.value()).isEqualTo(token));
					String ours = ProjectedToken.parse(this.kubelet.rotate()).fingerprint();
					await().untilAsserted(() -> assertThat(rotations).extracting(TokenRotatedEvent::fingerprint)
						.containsExactly(ours));
					await().during(Duration.ofMillis(200)).untilAsserted(() -> assertThat(rotations).hasSize(1));
				});
		}
	}

	@Test
	void startWhenLazyStillWatches() {
		lazy(this.contextRunner).run((context) -> {
			assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("psatTokenSource"))
				.isTrue();
			assertThat(RunningThreads.named("psat-token-watch")).isNotEmpty();
			String token = this.kubelet.rotate();
			await().untilAsserted(() -> assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token));
		});
	}

	@Test
	void startWhenLazyStartsSecondSourceToo() {
		try (SimulatedKubelet vault = SimulatedKubelet.builder().audience("vault").build()) {
			lazy(this.contextRunner).withPropertyValues("test.vault-path=" + vault.tokenPath())
				.withUserConfiguration(SecondSource.class)
				.run((context) -> assertThat(Shown.watch(context.getBean("vault", TokenSource.class).status()).mode())
					.isNotEqualTo(WatchMode.STOPPED));
		}
	}

	@Test
	void startWhenLazyAndClusterIsMissingFails() {
		lazy(this.withoutCluster).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(PsatStartupException.class)
			.hasMessageContaining("spire.psat.cluster"));
	}

	@Test
	void startWhenLazyAndAttestorIsReplacedNeedsNoCluster() {
		lazy(this.withoutCluster).withBean(PsatAttestor.class, () -> () -> {
			throw new UnsupportedOperationException();
		}).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startWhenServletApplicationServesToken() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
			.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath())
			.run((context) -> assertServes(context, this.kubelet));
	}

	@Test
	void startWhenReactiveApplicationServesToken() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
			.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath())
			.run((context) -> assertServes(context, this.kubelet));
	}

	@Test
	void startWithVirtualThreadsServesTokenAndLeavesSchedulerAlone() {
		this.contextRunner
			.withConfiguration(
					AutoConfigurations.of(TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class))
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> {
				String token = this.kubelet.rotate();
				await().untilAsserted(() -> assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token));
			});
	}

	private static TokenSource none() {
		return () -> {
			throw new TokenUnavailableException("none", TokenState.NONE, null, "none");
		};
	}

	private static FailureAnalysis analyze(ApplicationContextRunner runner) {
		return Failures.analyze(runner, PsatStartupException.class, PsatStartupFailureAnalyzer::new);
	}

	private static ApplicationContextRunner lazy(ApplicationContextRunner runner) {
		return runner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	private static TokenState tokenState(ApplicationContext context) {
		return context.getBean(TokenSource.class).status().tokenState();
	}

	private static void assertServes(ApplicationContext context, SimulatedKubelet kubelet) {
		ProjectedToken token = ProjectedToken.parse(kubelet.token());
		assertThat(context.getBean("psatTokenSource", TokenSource.class).value()).isEqualTo(token.value());
		assertThat(context.getBean(PsatAttestor.class).payload().fingerprint()).isEqualTo(token.fingerprint());
	}

	@Configuration(proxyBeanMethods = false)
	static class SameName {

		@Bean
		TokenSource psatTokenSource(Environment environment) {
			return TokenSource.builder(Path.of(environment.getRequiredProperty("test.path")))
				.audience("spire-server")
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class TwoSources {

		@Bean
		TokenSource first() {
			return none();
		}

		@Bean
		TokenSource second() {
			return none();
		}

	}

	record InjectedSource(TokenSource source) {

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondSource {

		final List<TokenRotatedEvent> rotations = new CopyOnWriteArrayList<>();

		@Bean(defaultCandidate = false)
		TokenSource vault(Environment environment) {
			return TokenSource.builder(Path.of(environment.getRequiredProperty("test.vault-path")))
				.audience("vault")
				.build();
		}

		@Bean
		InjectedSource injectedSource(TokenSource source) {
			return new InjectedSource(source);
		}

		final List<TokenStateChangedEvent> stateChanges = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(TokenStateChangedEvent event) {
			this.stateChanges.add(event);
		}

		@EventListener
		void rotated(TokenRotatedEvent event) {
			this.rotations.add(event);
		}

	}

}
