package dev.psat.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what an application writes to its log about the token, at every level.
 */
class TokenLogTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final CapturedLogs logs = new CapturedLogs();

	private final AtomicLong looks = new AtomicLong();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withInitializer((context) -> context.getBeanFactory().addBeanPostProcessor(new LookCounter(this.looks)))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.psat.refresh.poll-interval=100ms");

	@Test
	void startWritesFirstTokenOnceAndNothingElse() {
		this.contextRunner.run((context) -> {
			awaitMoreLooks(3);
			ProjectedToken token = context.getBean(TokenSource.class).current();
			assertThat(this.logs.all()).singleElement()
				.asString()
				.startsWith("INFO ")
				.contains(token.fingerprint(), "generation 1", token.expiresAt().toString(),
						this.kubelet.tokenPath().toString());
			context.getBean(TokenSource.class).refresh();
			context.close();
			assertThat(this.logs.all()).hasSize(1);
		});
	}

	@Test
	void rotationWritesEachTokenOnce() {
		this.contextRunner.run((context) -> {
			for (int generation = 2; generation <= 4; generation++) {
				String token = this.kubelet.rotate();
				awaiting().untilAsserted(() -> assertThat(context.getBean(TokenSource.class).value()).isEqualTo(token));
				int lines = generation;
				awaiting().untilAsserted(() -> assertThat(this.logs.all()).hasSize(lines));
				assertThat(this.logs.at(Level.DEBUG).get(lines - 2)).contains(ProjectedToken.parse(token).fingerprint(),
						"generation " + generation, ProjectedToken.parse(token).expiresAt().toString());
			}
			awaitMoreLooks(3);
			assertThat(this.logs.all()).hasSize(4);
		});
	}

	@Test
	void problemWritesOneWarningWithAdviceAndOneLineWhenOver() {
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			awaiting().untilAsserted(() -> assertThat(this.logs.all()).hasSize(1));
			assertProblemIsWrittenOnce(source, this.kubelet::removeToken, SourceState.MISSING, "serviceAccountToken");
			assertProblemIsWrittenOnce(source, () -> this.kubelet.write("no token".getBytes(StandardCharsets.US_ASCII)),
					SourceState.MALFORMED, "nothing else writes to it");
			assertProblemIsWrittenOnce(source, () -> this.kubelet.rotateWithAudience("somebody-else"),
					SourceState.WRONG_AUDIENCE, "spire.psat.audience");
			assertProblemIsWrittenOnce(source, this.kubelet::rotateExpired, SourceState.STALE, "clocks");
		});
	}

	@Test
	void problemThatBecomesAnotherWritesOneWarningEach() {
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			this.kubelet.removeToken();
			awaitState(source, SourceState.MISSING);
			this.kubelet.rotateWithAudience("somebody-else");
			awaitState(source, SourceState.WRONG_AUDIENCE);
			awaitMoreLooks(3);
			assertThat(this.logs.at(Level.WARN)).hasSize(2);
		});
	}

	@Test
	void overdueAndExpiryAreWrittenOnceEachWithAdvice() {
		MutableClock clock = MutableClock.running();
		this.contextRunner
			.withBean("psatTokenSource", TokenSource.class,
					() -> TokenSource.builder(this.kubelet.tokenPath())
						.audience("spire-server")
						.pollInterval(Duration.ofMillis(100))
						.clock(clock)
						.build())
			.run((context) -> {
				TokenSource source = context.getBean(TokenSource.class);
				clock.setAhead(Duration.ofSeconds(590));
				awaiting().untilAsserted(() -> assertThat(problems()).hasSize(1));
				assertThat(problems().get(0)).contains("OVERDUE", "kubelet", "subPath");
				clock.setAhead(Duration.ofSeconds(700));
				awaiting().untilAsserted(() -> assertThat(problems()).hasSize(2));
				assertThat(problems().get(1)).contains("EXPIRED", "kubelet");
				assertThat(source.status().tokenState()).isEqualTo(TokenState.EXPIRED);
				awaitMoreLooks(3);
				assertThat(problems()).hasSize(2);
				assertThat(this.logs.at(Level.INFO)).hasSize(1);
				clock.setAhead(Duration.ofSeconds(0));
				awaiting().untilAsserted(() -> assertThat(this.logs.at(Level.INFO)).hasSize(2));
				assertThat(this.logs.at(Level.INFO).get(1)).contains("no longer EXPIRED");
			});
	}

	@Test
	void firstTokenThatIsExpiredWarnsOnce() {
		this.kubelet.rotateExpired();
		this.contextRunner.run((context) -> {
			awaitMoreLooks(3);
			assertThat(this.logs.at(Level.WARN)).singleElement().asString().contains("EXPIRED");
			this.kubelet.rotate();
			awaiting().untilAsserted(() -> assertThat(context.getBean(TokenSource.class).status().tokenState())
				.isEqualTo(TokenState.VALID));
			awaiting().untilAsserted(
					() -> assertThat(this.logs.at(Level.INFO)).last().asString().contains("no longer EXPIRED"));
			assertThat(this.logs.at(Level.WARN)).hasSize(1);
		});
	}

	@Test
	void restartWritesNothing() {
		this.contextRunner.run((context) -> {
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			awaitMoreLooks(3);
			assertThat(this.logs.all()).hasSize(1);
		});
	}

	/**
	 * Return the warnings except the one about a source that replaces ours.
	 */
	private List<String> problems() {
		return this.logs.at(Level.WARN).stream().filter((line) -> !line.contains("replaces the default one")).toList();
	}

	private void assertProblemIsWrittenOnce(TokenSource source, Runnable misdeed, SourceState state, String advice) {
		this.logs.clear();
		misdeed.run();
		awaitState(source, state);
		awaiting().untilAsserted(() -> assertThat(this.logs.all()).hasSize(1));
		awaitMoreLooks(3);
		assertThat(this.logs.all()).hasSize(1);
		assertThat(this.logs.at(Level.WARN)).singleElement().asString().contains(state.name(), advice);
		this.logs.clear();
		String fingerprint = ProjectedToken.parse(this.kubelet.rotate()).fingerprint();
		awaitState(source, SourceState.OK);
		awaiting().untilAsserted(() -> assertThat(this.logs.all()).hasSize(2));
		assertThat(this.logs.at(Level.DEBUG)).singleElement().asString().contains(fingerprint);
		assertThat(this.logs.at(Level.INFO)).singleElement().asString().contains("no longer " + state);
	}

	private void awaitMoreLooks(int count) {
		long until = this.looks.get() + count;
		awaiting().untilAsserted(() -> assertThat(this.looks.get()).isGreaterThanOrEqualTo(until));
	}

	private static ConditionFactory awaiting() {
		return await().pollInterval(Duration.ofMillis(20));
	}

	private static void awaitState(TokenSource source, SourceState state) {
		awaiting().untilAsserted(() -> assertThat(source.status().sourceState()).isEqualTo(state));
	}

	private record LookCounter(AtomicLong looks) implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (bean instanceof TokenSource source) {
				source.addObserver((outcome, sinceCause) -> this.looks.incrementAndGet());
			}
			return bean;
		}

	}

}
