package dev.psat.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code spire.psat.fail-fast}, {@link TokenUnavailableFailureAnalyzer} and the
 * start without a token.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailFastTests {

	@TempDir
	Path directory;

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(PsatAutoConfiguration.class, PsatHealthContributorAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath());

	private final ApplicationContextRunner failFast = this.contextRunner
		.withPropertyValues("spire.psat.fail-fast=true");

	@Test
	void startWhenTokenIsInForceSucceeds() {
		this.failFast.run((context) -> assertThat(context.getBean(PsatAttestor.class).payload()).isNotNull());
	}

	@Test
	void startWhenSourceOfTheUsersHasNoTokenFailsAtOnce() {
		AtomicInteger questions = new AtomicInteger();
		this.failFast.withBean("mine", TokenSource.class, () -> () -> {
			questions.incrementAndGet();
			throw new TokenUnavailableException("on purpose", TokenState.NONE, null, "none");
		}).run((context) -> {
			assertThat(context).getFailure().rootCause().hasMessage("on purpose");
			assertThat(questions).hasValueLessThan(5);
		});
	}

	@Test
	void startWhenTokenIsMissingFails() {
		this.kubelet.removeToken();
		Remains remains = new Remains();
		this.failFast.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(TokenUnavailableException.class, (ex) -> {
				assertThat(ex.tokenState()).isEqualTo(TokenState.NONE);
				assertThat(ex.sourceState()).isEqualTo(SourceState.MISSING);
				assertThat(ex.advice()).isNotBlank();
			}));
		remains.expectNothing();
	}

	@Test
	void startWhenTokenIsNotInForceFails() {
		this.kubelet.rotateExpired();
		this.failFast.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(TokenUnavailableException.class,
					(ex) -> assertThat(ex.tokenState()).isEqualTo(TokenState.EXPIRED)));
	}

	@Test
	void startWhenTokenIsForAnotherAudienceFails() {
		this.kubelet.rotateWithAudience("vault");
		this.failFast.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(TokenUnavailableException.class,
					(ex) -> assertThat(ex.sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE)));
	}

	@Test
	void startWhenApplicationHasNoTokenPrintsWhatToAdd(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		Path path = this.directory.resolve("tokens/nested/spire-agent");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> application.run("--spire.psat.cluster=demo-cluster",
				"--spire.psat.fail-fast=true", "--spire.psat.audience=my-server,other",
				"--spire.psat.token-path=" + path, "--spring.main.banner-mode=off"))
			.withRootCauseInstanceOf(TokenUnavailableException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(path.toString())
			.contains("volumes:")
			.contains("serviceAccountToken:")
			.contains("path: spire-agent")
			.contains("audience: my-server")
			.contains("expirationSeconds: 600")
			.contains("volumeMounts:")
			.contains("mountPath: " + path.getParent())
			.contains("psat-spring-boot-test")
			.doesNotContain("null");
	}

	@Test
	void startWhenApplicationHasNoClusterPrintsWhatToSet(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> application.run("--spring.main.banner-mode=off"))
			.withRootCauseInstanceOf(InvalidPsatPropertyException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The property 'spire.psat.cluster' is not set.")
			.doesNotContain("null")
			.doesNotContain("MISSING");
	}

	@Test
	void analyzeWhenFileIsMalformedShowsAdviceWithoutFragment() {
		FailureAnalysis analysis = analyze(SourceState.MALFORMED, new MockEnvironment());
		assertThat(analysis.getDescription()).contains("no projected service account token")
			.contains("There is no file ");
		assertThat(analysis.getAction()).isEqualTo("some advice");
	}

	@Test
	void analyzeWhenTokenIsMissingShowsFragmentForDefaults() {
		FailureAnalysis analysis = analyze(SourceState.MISSING, new MockEnvironment());
		assertThat(analysis.getAction()).startsWith("some advice")
			.contains("path: spire-agent")
			.contains("audience: spire-server")
			.contains("mountPath: /var/run/secrets/tokens");
	}

	@Test
	void analyzeWhenAudienceCheckIsOffShowsFragmentWithAudienceOfSpire() {
		FailureAnalysis analysis = analyze(SourceState.MISSING,
				new MockEnvironment().withProperty("spire.psat.audience", ""));
		assertThat(analysis.getAction()).contains("audience: spire-server");
	}

	@Test
	void analyzeWhenTheFileIsThatOfAnotherSourceShowsAdviceWithoutFragment() {
		FailureAnalysis analysis = analyze(SourceState.MISSING,
				new MockEnvironment().withProperty("spire.psat.token-path", "/elsewhere/token"));
		assertThat(analysis.getAction()).isEqualTo("some advice");
	}

	@Test
	void analyzeWhenPathHasNoDirectoryShowsAdviceWithoutFragment() {
		FailureAnalysis analysis = analyze(SourceState.MISSING,
				new MockEnvironment().withProperty("spire.psat.token-path", "token"));
		assertThat(analysis.getAction()).isEqualTo("some advice");
	}

	@Test
	void startWithoutFailFastAndTokenWarnsOnceAndRecovers() {
		this.kubelet.removeToken();
		try (CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.withPropertyValues("spire.psat.refresh.poll-interval=1s").run((context) -> {
				PsatHealthIndicator health = context.getBean(PsatHealthIndicator.class);
				assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
				assertThatExceptionOfType(TokenUnavailableException.class)
					.isThrownBy(context.getBean(PsatAttestor.class)::payload);
				assertThat(logs.at(Level.WARN)).singleElement()
					.asString()
					.contains(this.kubelet.tokenPath().toString())
					.contains("projected volume")
					.contains("serviceAccountToken")
					.contains("psat-spring-boot-test")
					.contains("SimulatedKubeletConfiguration");
				String token = this.kubelet.rotate();
				await().atMost(Duration.ofMillis(1500))
					.untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
				assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token);
				assertThat(logs.at(Level.WARN)).hasSize(1);
			});
		}
	}

	@Test
	void startWithoutFailFastRecoversWhenDirectoryComesLater() throws Exception {
		Path path = this.directory.resolve("late/spire-agent");
		this.contextRunner.withPropertyValues("spire.psat.token-path=" + path, "spire.psat.refresh.poll-interval=200ms")
			.run((context) -> {
				PsatHealthIndicator health = context.getBean(PsatHealthIndicator.class);
				assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
				Path parent = Files.createDirectory(this.directory.resolve("late"));
				try (SimulatedKubelet late = SimulatedKubelet.builder().directory(parent).build()) {
					await().atMost(Duration.ofSeconds(1))
						.untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
					assertThat(context.getBean(TokenSource.class).value()).isEqualTo(late.token());
				}
			});
	}

	private static FailureAnalysis analyze(SourceState sourceState, MockEnvironment environment) {
		TokenUnavailableException exception = new TokenUnavailableException(
				"There is no file /var/run/secrets/tokens/spire-agent", TokenState.NONE, sourceState, "some advice");
		FailureAnalysis analysis = new TokenUnavailableFailureAnalyzer(environment)
			.analyze(new IllegalStateException(exception));
		List<FailureAnalysis> analyses = (analysis != null) ? List.of(analysis) : List.of();
		assertThat(analyses).hasSize(1);
		return analyses.get(0);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class Application {

	}

}
