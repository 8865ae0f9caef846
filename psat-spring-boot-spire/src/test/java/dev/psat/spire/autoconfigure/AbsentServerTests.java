package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a web application with Actuator whose SPIRE Server is away when it starts.
 */
class AbsentServerTests {

	private static final int TIMES = 15;

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	private final HttpClient http = HttpClient.newHttpClient();

	private @Nullable ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	@Test
	void applicationStartsAndIsReadyAsSoonAsTheServerIsThere() throws Exception {
		this.world.server().stop();
		ConfigurableApplicationContext context = start();
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		await().until(() -> identity.status().lastError() != null);
		assertThat(get("/actuator/health/readiness")).isEqualTo(503);
		assertThat(get("/actuator/health/liveness")).isEqualTo(200);
		this.world.server().restart();
		// since the port may have to be waited for
		double failed = failed(context);
		assertThat(failed).isPositive();
		await().until(() -> identity.status().state() == SpireState.READY);
		assertThat(get("/actuator/health/readiness")).isEqualTo(200);
		// one had begun already, perhaps: no more than one back-off was waited for
		assertThat(failed(context)).isLessThanOrEqualTo(failed + 1);
	}

	@Test
	void startDoesNotWaitForAServerThatHangs() throws Exception {
		this.world.server().faults().hang();
		ConfigurableApplicationContext context = start();
		// an attempt takes three seconds
		assertThat(context.getBean(Next.class).found).singleElement().satisfies((status) -> {
			assertThat(status.state()).isIn(SpireState.STARTING, SpireState.ATTESTING);
			assertThat(status.lastError()).isNull();
		});
		await().until(() -> medianTime("/actuator/health").compareTo(Duration.ofSeconds(2)) < 0);
		assertThat(get("/actuator/health/readiness")).isEqualTo(503);
		this.world.server().faults().resume();
	}

	private ConfigurableApplicationContext start() {
		ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				this.world.arguments("server.port=0", "spring.main.banner-mode=off",
						"management.endpoint.health.probes.enabled=true",
						"management.endpoint.health.group.readiness.include=readinessState,spire"));
		this.context = context;
		return context;
	}

	/**
	 * Measure after the first calls, which load classes.
	 */
	private Duration medianTime(String path) throws IOException, InterruptedException {
		long[] times = new long[TIMES];
		for (int i = 0; i < 2 * TIMES; i++) {
			long began = System.nanoTime();
			assertThat(get(path)).isEqualTo(503);
			times[i % TIMES] = System.nanoTime() - began;
		}
		return Duration.ofNanos(LongStream.of(times).sorted().skip(TIMES / 2).findFirst().orElseThrow());
	}

	private int get(String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:%s%s".formatted(
				Objects.requireNonNull(this.context).getEnvironment().getRequiredProperty("local.server.port"), path));
		return this.http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	private static double failed(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.find("spire.trust.bundle.refreshes")
			.counters()
			.stream()
			.filter((counter) -> !"success".equals(counter.getId().getTag("outcome")))
			.mapToDouble(Counter::count)
			.sum();
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Next.class)
	static class Application {

	}

	/**
	 * Starts as soon as the identity has been started.
	 */
	static class Next implements SmartLifecycle {

		private final SpireIdentity identity;

		private final List<SpireStatus> found = new CopyOnWriteArrayList<>();

		Next(SpireIdentity identity) {
			this.identity = identity;
		}

		@Override
		public void start() {
			this.found.add(this.identity.status());
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
			return SpireLifecycle.PHASE + 1;
		}

	}

}
