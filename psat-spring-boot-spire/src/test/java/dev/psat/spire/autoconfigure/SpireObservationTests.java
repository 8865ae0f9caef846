package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.metrics.SpireObservationAutoConfiguration;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a trace of an application with a SPIRE Server shows.
 */
class SpireObservationTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				SpireAutoConfiguration.class, ObservationAutoConfiguration.class,
				SpireObservationAutoConfiguration.class))
		.withPropertyValues(this.world.properties());

	@Test
	void callShowsTheRequestForItsJwtSvidAndTheStartShowsItsOwn() {
		Trace trace = new Trace();
		this.contextRunner.withBean(Trace.class, () -> trace).run((context) -> {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			await().until(() -> identity.status().svid() != null);
			Observation.createNotStarted("call", registry).observe(() -> identity.jwtSvid("bank"));
			Observation.createNotStarted("next call", registry).observe(() -> identity.jwtSvid("bank"));
			assertThat(trace.stopped).containsExactly("spire attestation of nobody", "spire x509-svid of nobody",
					"spire jwt-svid of call", "call of nobody", "next call of nobody");
			assertThat(registry.getCurrentObservationScope()).isNull();
		});
	}

	@Test
	void applicationWhoseHandlersFailHasItsIdentity() {
		this.contextRunner.withBean(Failing.class).run((context) -> {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().svid() != null);
			assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(SimulatedWorld.ORDERS);
			assertThat(context.getBean(Failing.class).failures).isNotEmpty();
			assertThat(context.getBean(ObservationRegistry.class).getCurrentObservationScope()).isNull();
		});
	}

	private static final class Trace implements ObservationHandler<Observation.Context> {

		private final List<String> stopped = new CopyOnWriteArrayList<>();

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStop(Observation.Context context) {
			ObservationView parent = context.getParentObservation();
			this.stopped.add(name(context) + " of "
					+ ((parent != null) ? name((Observation.Context) parent.getContextView()) : "nobody"));
		}

		private static String name(Observation.Context context) {
			return Objects.requireNonNullElse(context.getContextualName(), context.getName());
		}

	}

	static final class Failing implements ObservationHandler<Observation.Context> {

		private final List<String> failures = new CopyOnWriteArrayList<>();

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			this.failures.add(context.getName());
			throw new StackOverflowError("on purpose");
		}

	}

}
