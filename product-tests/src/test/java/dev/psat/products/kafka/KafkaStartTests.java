package dev.psat.products.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.psat.products.Recipe;
import dev.psat.products.kafka.KafkaBroker.Listener;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what an application with a listener does while the broker or the identity is
 * missing.
 */
class KafkaStartTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final TlsWorld world = new TlsWorld();

	private final KafkaBroker broker = new KafkaBroker(this.world);

	private final Recipe recipe = Recipe.of("kafka.yaml")
		.with("products.wanted=kafka", "topic=greetings", "spring.kafka.consumer.auto-offset-reset=earliest",
				"spring.kafka.bootstrap-servers=" + this.broker.address(Listener.SPIRE),
				"spring.kafka.listener.auth-exception-retry-interval=1s");

	@AfterEach
	void stop() {
		this.broker.close();
		this.world.close();
	}

	@Test
	void brokerMayBeAwayAtTheStartAndLater() throws Exception {
		try (TlsApplication application = this.recipe.run(this.world, Consuming.class)) {
			this.broker.start();
			assertThatItReceives(application, "first");
			this.broker.stop();
			application.rotate();
			this.broker.start();
			assertThatItReceives(application, "second");
			assertThat(this.broker.serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(application.serialNumber());
		}
	}

	@Test
	void listenerWaitsForTheIdentity() throws Exception {
		this.broker.start();
		try (TlsApplication application = withLateIdentity(this.recipe)) {
			assertThatItReceives(application, "first");
		}
	}

	@Test
	void listenerWithoutRetryIntervalStopsForGood() throws Exception {
		this.broker.start();
		try (TlsApplication application = withLateIdentity(
				this.recipe.without("spring.kafka.listener.auth-exception-retry-interval"))) {
			application.bean(Producing.Sender.class).send("greetings", "lost");
			assertThat(application.bean(KafkaListenerEndpointRegistry.class).getListenerContainers()).singleElement()
				.satisfies((container) -> assertThat(container.isInExpectedState()).isFalse());
			assertThat(application.bean(Consuming.class).received()).isEmpty();
		}
	}

	/**
	 * Run an application that has tried to connect before it has an X.509-SVID.
	 */
	private TlsApplication withLateIdentity(Recipe recipe) throws Exception {
		this.world.server().stop();
		CompletableFuture<TlsApplication> application = CompletableFuture
			.supplyAsync(() -> recipe.run(this.world, Consuming.class));
		Thread.sleep(4000);
		this.world.server().restart();
		return application.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static void assertThatItReceives(TlsApplication application, String message) throws Exception {
		application.bean(Producing.Sender.class).send("greetings", message);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(application.bean(Consuming.class).received()).contains(message));
	}

}
