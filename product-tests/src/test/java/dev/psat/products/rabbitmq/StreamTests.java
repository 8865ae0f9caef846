package dev.psat.products.rabbitmq;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.rabbitmq.stream.Environment;
import com.rabbitmq.stream.Producer;
import dev.psat.products.Recipe;
import dev.psat.products.ServerCertificate;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.Lifecycle;
import org.springframework.rabbit.stream.producer.RabbitStreamTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests streams, with a password: this broker's streams do not take a certificate for
 * one.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PASSWORD = "secret";

	private static final RabbitWorld WORLD = new RabbitWorld("auth_mechanisms.2 = PLAIN",
			// over which this broker resumes sessions
			"ssl_options.versions.1 = tlsv1.2");

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@CsvSource({ "spire, SPIRE", "spire-rabbitmq, CLASSIC" })
	void appendsAndReads(String bundle, ServerCertificate certificate) throws Exception {
		try (TlsApplication application = run(bundle, certificate)) {
			create(application);
			application.bean(RabbitListenerEndpointRegistry.class).getListenerContainers().forEach(Lifecycle::start);
			// a reader begins at the end
			await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
				application.bean(RabbitStreamTemplate.class)
					.convertAndSend("21.5")
					.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				assertThat(application.bean(Streaming.class).received()).contains("21.5");
			});
		}
	}

	@ParameterizedTest
	@CsvSource({ "spire, SPIRE", "spire-rabbitmq, CLASSIC" })
	void newConnectionPresentsTheNewSvid(String bundle, ServerCertificate certificate) {
		try (TlsApplication application = run(bundle, certificate)) {
			create(application);
			BigInteger first = application.serialNumber();
			assertThat(WORLD.broker(certificate).serialNumbers()).containsOnly(first);
			application.rotate();
			try (Producer producer = application.bean(Environment.class)
				.producerBuilder()
				.stream("measurements")
				.build()) {
				assertThat(WORLD.broker(certificate).serialNumbers()).containsExactlyInAnyOrder(first,
						application.serialNumber());
			}
		}
	}

	@Test
	void refusesABrokerThatIsNotListed(CapturedOutput output) {
		assertRefused("spire", ServerCertificate.STRANGER, output,
				"The peer " + TlsWorld.STRANGER + " is not listed in 'spire.bundle.authorized-servers'");
	}

	@Test
	void refusesAnotherHost(CapturedOutput output) {
		assertRefused("spire-rabbitmq", ServerCertificate.ELSEWHERE, output,
				"No subject alternative DNS name matching localhost found");
	}

	/**
	 * The client tries more than once, and may at last say no more than that the channel
	 * is closed.
	 */
	private static void assertRefused(String bundle, ServerCertificate certificate, CapturedOutput output,
			String message) {
		try (TlsApplication application = run(bundle, certificate)) {
			assertThatException().isThrownBy(() -> create(application));
			HandshakeCounts counts = ((SvidSslBundle) application.bean(SslBundles.class).getBundle(bundle))
				.handshakes();
			assertThat(counts.count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isZero();
		}
		assertThat(output).containsPattern("A server was refused: .*" + Pattern.quote(message));
	}

	private static TlsApplication run(String bundle, ServerCertificate certificate) {
		RabbitBroker broker = WORLD.broker(certificate);
		broker.control("change_password", TlsWorld.ORDERS, PASSWORD);
		Recipe recipe = WORLD.recipe("rabbitmq-streams.yaml", broker)
			.with("STREAM_PASSWORD=" + PASSWORD, "spring.rabbitmq.stream.ssl.bundle=" + bundle,
					"spire.identity-bundles.spire-rabbitmq.trust=corporate");
		return recipe.run(WORLD.world(), Streaming.class);
	}

	private static void create(TlsApplication application) {
		application.bean(Environment.class).streamCreator().stream("measurements").create();
	}

}
