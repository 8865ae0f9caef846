package dev.psat.products.rabbitmq;

import dev.psat.products.LateIdentity;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what an application with a listener does while the broker or the identity is
 * missing, and how its connection follows the identity by itself.
 */
@ExtendWith(OutputCaptureExtension.class)
class RabbitStartTests {

	private static final RabbitWorld WORLD = new RabbitWorld();

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@Test
	void brokerMayBeAwayAtTheStartAndLater() {
		RabbitBroker broker = WORLD.broker(ServerCertificate.SPIRE);
		broker.stop();
		try (TlsApplication application = run(WORLD.recipe("rabbitmq.yaml", broker))) {
			broker.start();
			assertThatItReceives(application, "first");
			broker.stop();
			application.rotate();
			broker.start();
			assertThatItReceives(application, "second");
			assertThat(broker.serialNumbers()).containsOnly(application.serialNumber());
		}
	}

	@ParameterizedTest
	@CsvSource({ "rabbitmq.yaml, SPIRE, false", "rabbitmq.yaml, SPIRE, true", "rabbitmq-classic.yaml, CLASSIC, false",
			"rabbitmq-classic.yaml, CLASSIC, true" })
	void listenerWaitsForTheIdentity(String file, ServerCertificate certificate, boolean nio, CapturedOutput output)
			throws Exception {
		Recipe recipe = WORLD.recipe(file, WORLD.broker(certificate)).with("nio=" + nio);
		try (TlsApplication application = LateIdentity.run(WORLD.world(), () -> run(recipe), output)) {
			assertThatItReceives(application, "first");
		}
	}

	@Test
	void connectionFollowsTheIdentity() {
		RabbitBroker broker = WORLD.broker(ServerCertificate.SPIRE);
		try (TlsApplication application = WORLD.recipe("rabbitmq.yaml", broker)
			.run(WORLD.world(), RenewedMessaging.class)) {
			assertThatItReceives(application, "before");
			application.rotate();
			await().untilAsserted(
					() -> assertThat(broker.serialNumbers()).isNotEmpty().containsOnly(application.serialNumber()));
			assertThatItReceives(application, "after");
		}
	}

	private static TlsApplication run(Recipe recipe) {
		return recipe.run(WORLD.world(), Messaging.class);
	}

	private static void assertThatItReceives(TlsApplication application, String message) {
		await().ignoreExceptions()
			.untilAsserted(() -> application.bean(RabbitTemplate.class).convertAndSend("greetings", message));
		await().untilAsserted(() -> assertThat(application.bean(Messaging.class).received()).contains(message));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ConnectionRenewal.class)
	static class RenewedMessaging extends Messaging {

	}

}
