package dev.psat.products.kafka;

import java.math.BigInteger;
import java.time.Duration;

import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests an identity bundle with a broker that has a certificate of a classic CA.
 */
class ClassicKafkaTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String NO_HOST_CHECK = "spring.kafka.properties.ssl.endpoint.identification.algorithm=";

	private static final KafkaWorld WORLD = new KafkaWorld();

	@BeforeAll
	static void start() {
		WORLD.broker().start();
	}

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@Test
	void sendsAndReceives() throws Exception {
		try (TlsApplication application = run(Consuming.class, ServerCertificate.CLASSIC, "topic=greetings")) {
			Sender.of(application).send("greetings", "hello");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(application.bean(Consuming.class).received()).containsExactly("hello"));
			assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).contains(application.serialNumber());
		}
	}

	@Test
	void refusesAnotherHost() {
		try (TlsApplication application = run(Producing.class, ServerCertificate.ELSEWHERE)) {
			Sender.of(application)
				.assertThatFailure()
				.hasMessageContaining("No subject alternative DNS name matching localhost found");
		}
	}

	@Test
	void acceptsAnotherHostWhereTheClientSaysSo() throws Exception {
		try (TlsApplication application = run(Producing.class, ServerCertificate.ELSEWHERE, NO_HOST_CHECK)) {
			Sender.of(application).send("greetings-of-any-host", "hello");
		}
	}

	@Test
	void refusesABrokerWithAnX509Svid() {
		try (TlsApplication application = run(Producing.class, ServerCertificate.SPIRE, NO_HOST_CHECK)) {
			Sender.of(application).assertThatFailure().hasMessageContaining("PKIX path building failed");
		}
	}

	@Test
	void newConnectionPresentsTheNewSvid() throws Exception {
		try (TlsApplication application = run(Producing.class, ServerCertificate.CLASSIC,
				"spring.kafka.properties.connections.max.idle.ms=3000")) {
			Sender.of(application).send("rotations", "before");
			BigInteger before = application.serialNumber();
			application.rotate();
			assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(before);
			await().atMost(PATIENCE)
				.pollDelay(Duration.ofSeconds(4))
				.pollInterval(Duration.ofSeconds(4))
				.untilAsserted(() -> {
					Sender.of(application).send("rotations", "on a new connection");
					assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).last()
						.isEqualTo(application.serialNumber());
				});
		}
	}

	private static TlsApplication run(Class<?> source, ServerCertificate listener, String... properties) {
		return WORLD.run("kafka-classic.yaml", listener, source, properties);
	}

}
