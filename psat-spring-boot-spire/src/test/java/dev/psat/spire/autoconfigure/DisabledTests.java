package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code spire.psat.enabled=false} and {@code spire.server.enabled=false} where
 * all the rest is set, and the server is there.
 */
class DisabledTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
		.withUserConfiguration(Listener.class)
		.withPropertyValues(this.world.properties());

	@Test
	void serverIsAskedWhenEnabled() {
		this.contextRunner.run((context) -> {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state() == SpireState.READY);
			assertThat(threads()).isNotEmpty();
			await().until(() -> !context.getBean(Listener.class).states.isEmpty());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled=false", "spire.server.enabled=false", "spire.enabled=false" })
	void nothingRunsAndNothingIsAsked(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> {
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			source.stop();
			source.start();
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("bank"));
			this.world.kubelet().rotate();
			assertThat(identity.status().state()).isEqualTo(SpireState.DISABLED);
			assertThat(threads()).isEmpty();
			assertThat(context.getBean(Listener.class).states).isEmpty();
		});
		assertThat(this.world.server().journal().connections()).isZero();
	}

	/**
	 * Those of other tests may still be ending.
	 */
	private List<String> threads() {
		return RunningThreads.beginningWith("psat-spire")
			.stream()
			.filter((thread) -> !this.before.contains(thread))
			.map(Thread::getName)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		final List<SpireState> states = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(SpireStateChangedEvent event) {
			this.states.add(event.state());
		}

	}

}
