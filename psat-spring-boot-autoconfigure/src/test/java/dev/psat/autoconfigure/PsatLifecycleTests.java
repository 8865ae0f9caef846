package dev.psat.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import dev.psat.PsatAttestor;
import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.support.Leftovers;
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

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PsatLifecycle}.
 */
class PsatLifecycleTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + this.kubelet.tokenPath());

	@Test
	void phaseIsBeforeWebServer() {
		this.contextRunner.run((context) -> {
			PsatLifecycle lifecycle = context.getBean(PsatLifecycle.class);
			assertThat(lifecycle.getPhase()).isEqualTo(Integer.MAX_VALUE - 3072)
				.isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
			assertThat(lifecycle.isAutoStartup()).isTrue();
			assertThat(lifecycle.isPauseable()).isTrue();
			assertThat(lifecycle.isRunning()).isTrue();
		});
	}

	@Test
	void startWaitsForFirstLook() {
		// that has half a second
		await().untilAsserted(() -> this.contextRunner.withUserConfiguration(LaterLifecycle.class)
			.run((context) -> assertThat(context.getBean(LaterLifecycle.class).states)
				.containsExactly(TokenState.VALID)));
	}

	@Test
	void stopEndsWatchingAndStartBeginsAnew() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			PsatLifecycle lifecycle = context.getBean(PsatLifecycle.class);
			for (int round = 0; round < 3; round++) {
				source(context).stop();
				assertThat(lifecycle.isRunning()).isFalse();
				assertThat(Shown.watch(source.status()).mode()).isEqualTo(WatchMode.STOPPED);
				assertThat(source.value()).isEqualTo(this.kubelet.token());
				leftovers.expectNone();
				source(context).start();
				assertThat(lifecycle.isRunning()).isTrue();
				String token = this.kubelet.rotate();
				await().untilAsserted(() -> assertThat(source.value()).isEqualTo(token));
			}
		});
	}

	@Test
	void stopWithCallbackCallsBack() {
		this.contextRunner.run((context) -> {
			List<String> calls = new CopyOnWriteArrayList<>();
			context.getBean(PsatLifecycle.class).stop(() -> calls.add("back"));
			assertThat(calls).containsExactly("back");
		});
	}

	@Test
	void closeLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.run((context) -> {
			TokenSource source = context.getBean(TokenSource.class);
			PsatAttestor attestor = context.getBean(PsatAttestor.class);
			attestor.payload();
			this.kubelet.rotate();
			context.close();
			leftovers.expectNone();
			assertThatIllegalStateException().isThrownBy(source::value);
			assertThatIllegalStateException().isThrownBy(attestor::payload);
		});
	}

	@Test
	void closeWhileTokenRotatesLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		Thread rotation = new Thread(() -> {
			while (!Thread.currentThread().isInterrupted()) {
				this.kubelet.rotate();
			}
		});
		rotation.start();
		try {
			for (int i = 0; i < 10; i++) {
				this.contextRunner.run((context) -> context.getBean(PsatAttestor.class).payload());
			}
			leftovers.expectNone();
		}
		finally {
			rotation.interrupt();
			await().until(() -> !rotation.isAlive());
		}
	}

	@Test
	void refreshThatFailsAfterSourceWasMadeLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.withUserConfiguration(BrokenBean.class).run((context) -> assertThat(context).hasFailed());
		leftovers.expectNone();
	}

	@Test
	void refreshThatFailsAfterStartLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.withUserConfiguration(BrokenLifecycle.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("broken on purpose"));
		leftovers.expectNone();
	}

	@Test
	void refreshThatFailsInSecondSourceLeavesNothing() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.withUserConfiguration(BrokenSource.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("broken on purpose"));
		leftovers.expectNone();
	}

	@Test
	void stopWhenOneSourceFailsStopsTheOthersAndSaysSo() {
		this.contextRunner.withUserConfiguration(ThreeSources.class).run((context) -> {
			ThreeSources sources = context.getBean(ThreeSources.class);
			sources.failAtStop = true;
			try (CapturedLogs logs = new CapturedLogs()) {
				source(context).stop();
				assertThat(sources.running).isEmpty();
				assertThat(Shown.watch(context.getBean("psatTokenSource", TokenSource.class).status()).mode())
					.isEqualTo(WatchMode.STOPPED);
				assertThat(logs.at(Level.WARN)).singleElement()
					.asString()
					.contains("'second' could not be stopped", "IllegalStateException")
					.doesNotContain("secret");
			}
			sources.failAtStop = false;
		});
	}

	@Test
	void startAgainThatFailsStopsThoseThatStarted() {
		Leftovers leftovers = new Leftovers();
		this.contextRunner.withUserConfiguration(ThreeSources.class).run((context) -> {
			ThreeSources sources = context.getBean(ThreeSources.class);
			source(context).stop();
			sources.failAtStart = true;
			assertThatExceptionOfType(ApplicationContextException.class).isThrownBy(source(context)::start)
				.havingRootCause()
				.withMessage("broken on purpose");
			assertThat(context.getBean(PsatLifecycle.class).isRunning()).isFalse();
			assertThat(sources.running).isEmpty();
			leftovers.expectNone();
			sources.failAtStart = false;
			source(context).start();
			assertThat(sources.running).containsExactlyInAnyOrder("first", "second", "third");
		});
	}

	@Test
	void eventsWhenTokenRotatesWhileStoppedComeAfterRestart() {
		this.contextRunner.withUserConfiguration(Rotations.class).run((context) -> {
			List<TokenRotatedEvent> rotations = context.getBean(Rotations.class).events;
			String first = ProjectedToken.parse(this.kubelet.token()).fingerprint();
			await().untilAsserted(() -> assertThat(context.getBean(Rotations.class).stateChanges).hasSize(1));
			source(context).stop();
			this.kubelet.rotate();
			String latest = ProjectedToken.parse(this.kubelet.rotate()).fingerprint();
			await().during(Duration.ofMillis(200)).untilAsserted(() -> assertThat(rotations).isEmpty());
			source(context).start();
			await().untilAsserted(() -> assertThat(rotations).isNotEmpty());
			assertThat(rotations).singleElement().satisfies((event) -> {
				assertThat(event.previousFingerprint()).isEqualTo(first);
				assertThat(event.fingerprint()).isEqualTo(latest);
				assertThat(event.generation()).isEqualTo(2);
			});
		});
	}

	private static ConfigurableApplicationContext source(AssertableApplicationContext context) {
		return context.getSourceApplicationContext();
	}

	@Configuration(proxyBeanMethods = false)
	static class Rotations {

		final List<TokenRotatedEvent> events = new CopyOnWriteArrayList<>();

		final List<TokenStateChangedEvent> stateChanges = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(TokenStateChangedEvent event) {
			this.stateChanges.add(event);
		}

		@EventListener
		void rotated(TokenRotatedEvent event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LaterLifecycle implements SmartLifecycle {

		final List<TokenState> states = new CopyOnWriteArrayList<>();

		private final TokenSource source;

		LaterLifecycle(TokenSource source) {
			this.source = source;
		}

		@Override
		public void start() {
			this.states.add(this.source.status().tokenState());
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return !this.states.isEmpty();
		}

		@Override
		public int getPhase() {
			return PsatLifecycle.PHASE + 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenBean {

		@Bean
		Object broken(TokenSource source) {
			throw new IllegalStateException("broken on purpose, after " + source.value().length() + " characters");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenLifecycle implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("broken on purpose");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThreeSources {

		final List<String> running = new CopyOnWriteArrayList<>();

		volatile boolean failAtStart;

		volatile boolean failAtStop;

		@Bean(defaultCandidate = false)
		TokenSource first() {
			return new Source("first");
		}

		@Bean(defaultCandidate = false)
		TokenSource second() {
			return new Source("second");
		}

		@Bean(defaultCandidate = false)
		TokenSource third() {
			return new Source("third");
		}

		private final class Source implements TokenSource {

			private final String name;

			Source(String name) {
				this.name = name;
			}

			@Override
			public ProjectedToken current() {
				throw new TokenUnavailableException("none", TokenState.NONE, SourceState.MISSING, "none");
			}

			@Override
			public void start() {
				if (ThreeSources.this.failAtStart && this.name.equals("third")) {
					throw new IllegalStateException("broken on purpose");
				}
				ThreeSources.this.running.add(this.name);
			}

			@Override
			public void stop() {
				ThreeSources.this.running.remove(this.name);
				if (ThreeSources.this.failAtStop && this.name.equals("second")) {
					throw new IllegalStateException("some secret");
				}
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenSource {

		@Bean(defaultCandidate = false)
		TokenSource broken() {
			return new TokenSource() {

				@Override
				public ProjectedToken current() {
					throw new TokenUnavailableException("none", TokenState.NONE, SourceState.MISSING, "none");
				}

				@Override
				public void start() {
					throw new IllegalStateException("broken on purpose");
				}

			};
		}

	}

}
