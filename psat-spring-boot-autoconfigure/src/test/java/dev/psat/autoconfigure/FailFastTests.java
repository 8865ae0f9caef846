package dev.psat.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.health.PsatHealthIndicator;
import dev.psat.support.Leftovers;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
		Leftovers leftovers = new Leftovers();
		assertFails((ex) -> {
			assertThat(ex.tokenState()).isEqualTo(TokenState.NONE);
			assertThat(ex.sourceState()).isEqualTo(SourceState.MISSING);
			assertThat(ex.advice()).isNotBlank();
		});
		leftovers.expectNone();
	}

	@Test
	void startWhenTokenIsNotInForceFails() {
		this.kubelet.rotateExpired();
		assertFails((ex) -> assertThat(ex.tokenState()).isEqualTo(TokenState.EXPIRED));
	}

	@Test
	void startWhenTokenIsForAnotherAudienceFails() {
		this.kubelet.rotateWithAudience("vault");
		assertFails((ex) -> assertThat(ex.sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE));
	}

	@Test
	void startWhenSourceOfTheUsersIsForAnotherAudienceFails() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.failFast.withBean("mine", TokenSource.class, () -> () -> token)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(TokenUnavailableException.class, (ex) -> {
					assertThat(ex).hasMessage("The token is not meant for any of [spire-server]");
					assertThat(ex.sourceState()).isEqualTo(SourceState.WRONG_AUDIENCE);
				}));
	}

	@Test
	void startWhenSourceAndAttestorAreTheUsersIsForThemToJudge() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.rotateWithAudience("vault"));
		this.failFast.withBean("mine", TokenSource.class, () -> () -> token)
			.withBean("attestor", PsatAttestor.class, () -> () -> AttestationPayload.of("mine", token))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startWhenAttestorReadsAnotherSourceWithoutTokenFails() {
		Path missing = this.directory.resolve("missing");
		try (TokenSource other = TokenSource.builder(missing).audience("spire-server").build()) {
			this.failFast
				.withBean("attestor", PsatAttestor.class, () -> PsatAttestor.of("mine", other, List.of("spire-server")))
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(TokenUnavailableException.class,
							(ex) -> assertThat(ex.path()).isEqualTo(missing)));
		}
	}

	@Test
	void startWhenAttestorOfTheUsersNeedsNoTokenOfOursSucceeds() {
		ProjectedToken token = ProjectedToken.parse(this.kubelet.token());
		this.kubelet.removeToken();
		this.failFast.withBean("attestor", PsatAttestor.class, () -> () -> AttestationPayload.of("mine", token))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startWhenAttestorReadsAnotherSourceWaitsForItsFirstLook() throws Exception {
		Path path = Files.writeString(this.directory.resolve("restless"), this.kubelet.token());
		ExecutorService writer = Executors.newSingleThreadExecutor();
		try (TokenSource other = TokenSource.builder(path).audience("spire-server").build()) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
			Future<?> writing = writer.submit(() -> {
				while (System.nanoTime() < end) {
					Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
					LockSupport.parkNanos(1_000_000);
				}
				return null;
			});
			this.failFast
				.withBean("attestor", PsatAttestor.class, () -> PsatAttestor.of("mine", other, List.of("spire-server")))
				.run((context) -> assertThat(context).hasNotFailed());
			writing.get(Patience.SECONDS, TimeUnit.SECONDS);
		}
		finally {
			writer.shutdown();
		}
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
			.withRootCauseInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The property 'spire.psat.cluster' is not set.")
			.doesNotContain("null")
			.doesNotContain("MISSING");
	}

	@Test
	void startWhenFileIsMalformedShowsAdviceWithoutFragment() {
		this.kubelet.write("no token".getBytes(StandardCharsets.US_ASCII));
		FailureAnalysis analysis = analyze(this.failFast);
		assertThat(analysis.getDescription()).contains("no projected service account token")
			.contains("The content is not a token");
		assertThat(analysis.getAction()).contains("nothing else writes to it").doesNotContain("volumes:");
	}

	@Test
	void startWhenAudienceIsNotKnownShowsAdviceWithoutFragment() {
		this.kubelet.removeToken();
		assertThat(analyze(this.failFast.withPropertyValues("spire.psat.audience=")).getAction())
			.contains("mount a projected volume")
			.doesNotContain("volumes:");
	}

	@Test
	void startWhenSourceOfTheUsersHasNoFileShowsFragmentForThatSource() {
		this.kubelet.removeToken();
		Path path = this.directory.resolve("mine/token");
		ApplicationContextRunner runner = this.failFast.withBean("mine", TokenSource.class,
				() -> TokenSource.builder(path).audience("my-server").build());
		assertThat(analyze(runner).getAction()).contains("path: token")
			.contains("audience: my-server")
			.contains("mountPath: " + path.getParent());
	}

	@ParameterizedTest
	@ValueSource(strings = { "no-such-token", "/no-such-token" })
	void startWhenPathHasNoDirectoryToMountShowsAdviceWithoutFragment(String path) {
		assertThat(analyze(this.failFast.withPropertyValues("spire.psat.token-path=" + path)).getAction())
			.contains("mount a projected volume")
			.doesNotContain("volumes:");
	}

	@Test
	void startWhenSourceOfTheUsersOnlyMentionsThePathShowsItsAdvice() {
		Path path = this.kubelet.tokenPath();
		ApplicationContextRunner runner = this.failFast.withBean("mine", TokenSource.class, () -> () -> {
			throw new TokenUnavailableException("Not at " + path, TokenState.NONE, SourceState.MISSING, "some advice");
		});
		assertThat(analyze(runner).getAction()).isEqualTo("some advice");
	}

	@Test
	void startWhenDisabledButTokenIsAskedForSaysSo() {
		FailureAnalysis analysis = analyze(
				this.contextRunner.withPropertyValues("spire.psat.enabled=off").withUserConfiguration(Impatient.class));
		assertThat(analysis.getDescription()).startsWith("Attestation is disabled.")
			.contains("The property 'spire.psat.enabled' has the value 'off' (originating from '")
			.doesNotContain("no projected service account token");
		assertThat(analysis.getAction()).startsWith("Set 'spire.psat.enabled' to 'true'");
	}

	@Test
	void startWhenTokenIsAskedForWithAnotherAudienceSaysThatItIsOfNoUse() {
		this.kubelet.rotateWithAudience("vault");
		FailureAnalysis analysis = analyze(this.contextRunner.withUserConfiguration(Impatient.class)
			.withBean("mine", TokenSource.class,
					() -> TokenSource.builder(this.kubelet.tokenPath()).audience("vault").build()));
		assertThat(analysis.getDescription()).contains("cannot be used here")
			.contains("not meant for any of [spire-server]");
	}

	@Test
	void startWithoutFailFastAndTokenWarnsOnceAndRecovers() {
		this.kubelet.removeToken();
		try (CapturedLogs logs = new CapturedLogs()) {
			this.contextRunner.withPropertyValues("spire.psat.refresh.poll-interval=1m").run((context) -> {
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
					.contains("SimulatedKubeletConfiguration")
					.contains("SimulatedSpireServerConfiguration of psat-spring-boot-spire-test");
				String token = this.kubelet.rotate();
				await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
				assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token);
				assertThat(logs.at(Level.WARN)).hasSize(1);
			});
		}
	}

	@Test
	void startWithoutFailFastRecoversWhenDirectoryComesLater() throws Exception {
		Path path = this.directory.resolve("late/spire-agent");
		this.contextRunner.withPropertyValues("spire.psat.token-path=" + path, "spire.psat.refresh.poll-interval=1m")
			.run((context) -> {
				PsatHealthIndicator health = context.getBean(PsatHealthIndicator.class);
				assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
				Path parent = Files.createDirectory(this.directory.resolve("late"));
				try (SimulatedKubelet late = SimulatedKubelet.builder().directory(parent).build()) {
					await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
					assertThat(context.getBean(TokenSource.class).value()).isEqualTo(late.token());
				}
			});
	}

	/**
	 * Start until the source has found out why: the first look has half a second.
	 */
	private void assertFails(Consumer<TokenUnavailableException> requirements) {
		await().untilAsserted(() -> this.failFast.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(TokenUnavailableException.class, requirements)));
	}

	private static FailureAnalysis analyze(ApplicationContextRunner runner) {
		return Failures.analyze(runner, TokenUnavailableException.class, TokenUnavailableFailureAnalyzer::new);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Impatient {

		Impatient(PsatAttestor attestor) {
			attestor.payload();
		}

	}

}
