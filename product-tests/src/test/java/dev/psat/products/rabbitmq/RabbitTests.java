package dev.psat.products.rabbitmq;

import java.math.BigInteger;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests both kinds of bundle, the bundle {@code spire} with a broker that has an
 * X.509-SVID, an identity bundle with one that has a classic certificate.
 */
class RabbitTests {

	private static final String NOT_LISTED = "The peer " + TlsWorld.STRANGER
			+ " is not listed in 'spire.bundle.authorized-servers'";

	private static final RabbitWorld WORLD = new RabbitWorld();

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@CsvSource({ "rabbitmq.yaml, SPIRE, false, true", "rabbitmq.yaml, SPIRE, true, true",
			"rabbitmq.yaml, SPIRE, false, false", "rabbitmq.yaml, SPIRE, true, false",
			"rabbitmq-classic.yaml, CLASSIC, false, true", "rabbitmq-classic.yaml, CLASSIC, true, true" })
	void sendsAndReceives(String recipe, ServerCertificate certificate, boolean nio, boolean verifyHostname) {
		RabbitBroker broker = WORLD.broker(certificate);
		try (TlsApplication application = run(
				recipe(recipe, broker, nio).with("spring.rabbitmq.ssl.verify-hostname=" + verifyHostname))) {
			assertThatItReceives(application, "hello");
			assertThat(broker.serialNumbers()).isNotEmpty().containsOnly(application.serialNumber());
		}
	}

	@ParameterizedTest
	@CsvSource({ "false, true", "true, true", "false, false", "true, false" })
	void refusesABrokerThatIsNotListed(boolean nio, boolean validate) {
		assertThatItRefuses(recipe("rabbitmq.yaml", WORLD.broker(ServerCertificate.STRANGER), nio)
			.with("spring.rabbitmq.ssl.validate-server-certificate=" + validate), NOT_LISTED);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void refusesABrokerWithTheOtherKindOfCertificate(boolean nio) {
		assertThatItRefuses(recipe("rabbitmq.yaml", WORLD.broker(ServerCertificate.CLASSIC), nio),
				"it has no URI name");
		assertThatItRefuses(recipe("rabbitmq-classic.yaml", WORLD.broker(ServerCertificate.SPIRE), nio),
				"unable to find valid certification path");
	}

	@ParameterizedTest
	@CsvSource({ "rabbitmq.yaml, SPIRE", "rabbitmq-classic.yaml, CLASSIC" })
	void doesNotStartWhereItWouldSpeakInTheClear(String file, ServerCertificate certificate) {
		Recipe recipe = recipe(file, WORLD.broker(certificate), false);
		String address = "amqp://localhost:" + recipe.property("spring.rabbitmq.port");
		assertThatException().isThrownBy(() -> run(recipe.with("spring.rabbitmq.addresses=" + address)))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageContaining("The first of 'spring.rabbitmq.addresses' begins with 'amqp://'");
	}

	/**
	 * To switch the check off leaves the client without a word on it, so that the bundle
	 * checks.
	 */
	@ParameterizedTest
	@CsvSource({ "false, true", "true, true", "false, false", "true, false" })
	void refusesAnotherHost(boolean nio, boolean verifyHostname) {
		assertThatItRefuses(
				recipe("rabbitmq-classic.yaml", WORLD.broker(ServerCertificate.ELSEWHERE), nio)
					.with("spring.rabbitmq.ssl.verify-hostname=" + verifyHostname),
				"No subject alternative DNS name matching localhost found");
	}

	@ParameterizedTest
	@CsvSource({ "rabbitmq.yaml, SPIRE, false", "rabbitmq.yaml, SPIRE, true", "rabbitmq-classic.yaml, CLASSIC, false",
			"rabbitmq-classic.yaml, CLASSIC, true" })
	void connectionOutlivesARotationUntilItIsReset(String recipe, ServerCertificate certificate, boolean nio) {
		RabbitBroker broker = WORLD.broker(certificate);
		try (TlsApplication application = run(recipe(recipe, broker, nio))) {
			assertThatItReceives(application, "before");
			BigInteger before = application.serialNumber();
			application.rotate();
			assertThatItReceives(application, "on the open connection");
			assertThat(broker.serialNumbers()).containsOnly(before);
			application.bean(CachingConnectionFactory.class).resetConnection();
			assertThatItReceives(application, "on a new connection");
			assertThat(broker.serialNumbers()).containsOnly(application.serialNumber());
		}
	}

	private static Recipe recipe(String file, RabbitBroker broker, boolean nio) {
		return WORLD.recipe(file, broker).with("nio=" + nio);
	}

	private static TlsApplication run(Recipe recipe) {
		return recipe.run(WORLD.world(), Messaging.class);
	}

	private static void assertThatItRefuses(Recipe recipe, String message) {
		try (TlsApplication application = run(recipe.with("spring.rabbitmq.listener.simple.auto-startup=false"))) {
			assertThatExceptionOfType(AmqpException.class)
				.isThrownBy(() -> application.bean(RabbitTemplate.class).convertAndSend("greetings", "hello"))
				.havingRootCause()
				.withMessageContaining(message);
		}
	}

	private static void assertThatItReceives(TlsApplication application, String message) {
		application.bean(RabbitTemplate.class).convertAndSend("greetings", message);
		await().untilAsserted(() -> assertThat(application.bean(Messaging.class).received()).contains(message));
	}

}
