package dev.psat.products.kafka;

import dev.psat.products.LateIdentity;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what an application with a listener does while the broker or the identity is
 * missing.
 */
@ExtendWith(OutputCaptureExtension.class)
class KafkaStartTests {

	private final KafkaWorld world = new KafkaWorld();

	private final KafkaBroker broker = this.world.broker();

	@AfterEach
	void stop() {
		this.world.close();
	}

	@Test
	void brokerMayBeAwayAtTheStartAndLater() throws Exception {
		try (TlsApplication application = recipe("kafka.yaml", ServerCertificate.SPIRE).run(this.world.world(),
				Consuming.class)) {
			this.broker.start();
			assertThatItReceives(application, "first");
			this.broker.stop();
			application.rotate();
			this.broker.start();
			assertThatItReceives(application, "second");
			assertThat(this.broker.serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(application.serialNumber());
		}
	}

	@ParameterizedTest
	@CsvSource({ "kafka.yaml, SPIRE", "kafka-classic.yaml, CLASSIC" })
	void listenerWaitsForTheIdentity(String recipe, ServerCertificate listener, CapturedOutput output)
			throws Exception {
		this.broker.start();
		try (TlsApplication application = withLateIdentity(recipe(recipe, listener), output)) {
			assertThatItReceives(application, "first");
		}
	}

	@Test
	void listenerWithoutRetryIntervalStopsForGood(CapturedOutput output) throws Exception {
		this.broker.start();
		try (TlsApplication application = withLateIdentity(recipe("kafka.yaml", ServerCertificate.SPIRE)
			.without("spring.kafka.listener.auth-exception-retry-interval"), output)) {
			Sender.of(application).send("greetings", "lost");
			await().untilAsserted(
					() -> assertThat(application.bean(KafkaListenerEndpointRegistry.class).getListenerContainers())
						.singleElement()
						.satisfies((container) -> assertThat(container.isInExpectedState()).isFalse()));
			assertThat(application.bean(Consuming.class).received()).isEmpty();
		}
	}

	private Recipe recipe(String file, ServerCertificate listener) {
		return this.world.recipe(file, listener).with("topic=greetings");
	}

	@Test
	void startThatWaitsForTheIdentityNeedsNoRetry(CapturedOutput output) throws Exception {
		this.broker.start();
		Recipe recipe = recipe("kafka.yaml", ServerCertificate.SPIRE)
			.without("spring.kafka.listener.auth-exception-retry-interval")
			.with("spire.svid.wait-for=always");
		try (TlsApplication application = withLateIdentity(recipe, output)) {
			assertThatItReceives(application, "first");
		}
	}

	private TlsApplication withLateIdentity(Recipe recipe, CapturedOutput output) throws Exception {
		return LateIdentity.run(this.world.world(), () -> recipe.run(this.world.world(), Consuming.class), output);
	}

	private static void assertThatItReceives(TlsApplication application, String message) throws Exception {
		Sender.of(application).send("greetings", message);
		await().untilAsserted(() -> assertThat(application.bean(Consuming.class).received()).contains(message));
	}

}
