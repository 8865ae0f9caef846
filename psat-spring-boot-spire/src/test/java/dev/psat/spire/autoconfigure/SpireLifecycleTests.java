package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireLifecycle}.
 */
class SpireLifecycleTests {

	private static final String[] PROPERTIES = { "spire.psat.cluster=demo-cluster",
			"spire.psat.token-path=/no/such/token", "spire.server.address=127.0.0.1:1",
			"spire.server.trust-domain=example.org", "spire.server.trust-bundle=/no/such/bundle",
			"spring.main.banner-mode=off" };

	private final TestIdentity identity = new TestIdentity();

	private final ApplicationContextRunner withoutIdentity = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token");

	private final ApplicationContextRunner contextRunner = this.withoutIdentity.withBean("mine", SpireIdentity.class,
			() -> this.identity);

	@Test
	void phaseIsBetweenTokenSourceAndWebServer() {
		this.contextRunner.run((context) -> {
			SmartLifecycle lifecycle = context.getBean(SpireLifecycle.class);
			SmartLifecycle tokens = context.getBean("psatLifecycle", SmartLifecycle.class);
			assertThat(lifecycle.getPhase()).isEqualTo(Integer.MAX_VALUE - 3071)
				.isGreaterThan(tokens.getPhase())
				.isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
			assertThat(lifecycle.isAutoStartup()).isTrue();
			assertThat(lifecycle.isPauseable()).isTrue();
			assertThat(lifecycle.isRunning()).isTrue();
		});
	}

	@Test
	void identityIsStartedStoppedAndClosedWithTheContext() {
		this.contextRunner.run((context) -> assertThat(this.identity.calls()).containsExactly("start"));
		assertThat(this.identity.calls()).containsExactly("start", "stop", "close");
	}

	@Test
	void identityCanBeStartedAgainAndIsObservedOnce() {
		this.contextRunner.run((context) -> {
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			SpireLifecycle lifecycle = context.getBean(SpireLifecycle.class);
			source.stop();
			assertThat(lifecycle.isRunning()).isFalse();
			source.start();
			assertThat(lifecycle.isRunning()).isTrue();
			assertThat(this.identity.calls()).containsExactly("start", "stop", "start");
			assertThat(this.identity.observers()).hasSize(1);
		});
	}

	@Test
	void identityThatOutlivesTheContextIsNoLongerObserved() {
		this.contextRunner.run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(this.identity.observers()).hasSize(1);
		});
		assertThat(this.identity.observers()).isEmpty();
	}

	@Test
	void furtherIdentityOfUserIsLeftAlone() {
		TestIdentity further = new TestIdentity();
		this.contextRunner
			.withBean("further", SpireIdentity.class, () -> further,
					(bean) -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))
			.run((context) -> {
				assertThat(this.identity.calls()).containsExactly("start");
				assertThat(further.calls()).isEmpty();
				assertThat(further.observers()).isEmpty();
			});
	}

	@Test
	void identityOfParentContextIsLeftToIt() {
		this.contextRunner.run((parent) -> {
			this.withoutIdentity.withParent(parent).run((child) -> {
				assertThat(child.getBean(SpireIdentity.class)).isSameAs(this.identity);
				assertThat(this.identity.observers()).hasSize(1);
			});
			assertThat(this.identity.calls()).containsExactly("start");
		});
	}

	@Test
	void webServerFindsIdentityStarted() {
		List<String> found = new CopyOnWriteArrayList<>();
		this.contextRunner.withBean("later", SmartLifecycle.class, () -> new SmartLifecycle() {

			@Override
			public void start() {
				found.addAll(SpireLifecycleTests.this.identity.calls());
			}

			@Override
			public void stop() {
			}

			@Override
			public boolean isRunning() {
				return false;
			}

			@Override
			public int getPhase() {
				return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
			}

		}).run((context) -> assertThat(found).containsExactly("start"));
	}

	@Test
	void identityOfAnApplicationStartsOnceThatIsReady() {
		List<SpireState> states = new CopyOnWriteArrayList<>();
		try (ConfigurableApplicationContext context = run((event) -> {
			if (event instanceof ApplicationStartedEvent) {
				states.add(identity(event).status().state());
				assertThat(visitors()).isEmpty();
			}
		})) {
			assertThat(states).containsExactly(SpireState.STARTING);
			await().until(() -> context.getBean(SpireIdentity.class).status().lastError() != null);
		}
	}

	@Test
	void identityThatIsUsedBeforeTheApplicationIsReadyHasStarted() {
		List<SpireStatus> statuses = new CopyOnWriteArrayList<>();
		try (ConfigurableApplicationContext context = run((event) -> {
			if (event instanceof ApplicationStartedEvent) {
				assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity(event)::x509Svid);
				await().until(() -> identity(event).status().lastError() != null);
				statuses.add(identity(event).status());
			}
		})) {
			assertThat(statuses).hasSize(1);
			assertThat(context.isActive()).isTrue();
		}
	}

	@Test
	void identityStartsBeforeRunnersWhichMayWaitForIt() {
		List<SpireStatus> statuses = new CopyOnWriteArrayList<>();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.initializers((starting) -> starting.getBeanFactory()
				.registerSingleton("runner", (ApplicationRunner) (arguments) -> {
					SpireIdentity identity = starting.getBeanFactory().getBean(SpireIdentity.class);
					await().until(() -> identity.status().lastError() != null);
					statuses.add(identity.status());
				}))
			.properties(PROPERTIES)
			.run()) {
			assertThat(context.isActive()).isTrue();
			assertThat(statuses).hasSize(1);
		}
	}

	@Test
	void identityOfAnApplicationThatIsNeverReadyNeverStarts() {
		assertThatIllegalStateException().isThrownBy(() -> run((event) -> {
			if (event instanceof ApplicationStartedEvent) {
				throw new IllegalStateException("on purpose");
			}
		})).withMessage("on purpose");
		assertThat(visitors()).isEmpty();
	}

	@Test
	void identityOfAnApplicationThatIsReadyStartsAgainWithItsContext() {
		try (ConfigurableApplicationContext context = run((event) -> {
		})) {
			await().until(() -> !visitors().isEmpty());
			context.stop();
			await().until(() -> visitors().isEmpty());
			context.start();
			await().until(() -> !visitors().isEmpty());
		}
	}

	/**
	 * Return the threads that visit servers.
	 */
	private static List<Thread> visitors() {
		return RunningThreads.beginningWith("psat-spire")
			.stream()
			.filter((thread) -> thread.getName().equals("psat-spire"))
			.toList();
	}

	private static SpireIdentity identity(ApplicationEvent event) {
		return ((ApplicationStartedEvent) event).getApplicationContext().getBean(SpireIdentity.class);
	}

	private static ConfigurableApplicationContext run(ApplicationListener<ApplicationEvent> listener) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.listeners(listener)
			.properties(PROPERTIES)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

}
