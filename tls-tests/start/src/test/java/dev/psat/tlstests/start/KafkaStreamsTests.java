package dev.psat.tlstests.start;

import java.nio.file.Path;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsWorld;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafkaStreams;
import org.springframework.kafka.config.StreamsBuilderFactoryBeanConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the clients of Kafka Streams, which present the X.509-SVID or do not connect.
 */
class KafkaStreamsTests {

	/** Each of the four clients, several times: the broker hangs up on them. */
	private static final int ENOUGH = 16;

	@AutoClose
	private final TlsWorld world = new TlsWorld();

	@AutoClose
	private final Doorman broker = new Doorman(this.world.credential(Peer.LISTED));

	@TempDir
	private Path state;

	@Test
	void presentTheSvid() {
		try (ConfigurableApplicationContext context = start("spring.kafka.security.protocol=SSL")) {
			await().until(() -> this.broker.known() >= ENOUGH);
			assertThat(context.isRunning()).isTrue();
			assertThat(this.broker.turnedAway()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.streams.security.protocol=PLAINTEXT",
			"spring.kafka.streams.properties[producer.security.protocol]=PLAINTEXT",
			"spring.kafka.streams.properties[main.consumer.security.protocol]=SASL_PLAINTEXT" })
	void doNotConnectWithoutTls(String property) {
		assertThatException().isThrownBy(() -> start("spring.kafka.security.protocol=SSL", property).close())
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageStartingWith("The configuration 'spring.kafka', with what customizes it, has an SSL bundle")
			.withMessageContaining("PLAINTEXT'");
		assertThat(this.broker.known() + this.broker.turnedAway()).isZero();
	}

	private ConfigurableApplicationContext start(String... more) {
		String[] properties = this.world.properties(Stream.concat(
				Stream.of("spire.svid.wait-for=always", "spring.kafka.ssl.bundle=spire",
						"spring.kafka.bootstrap-servers=localhost:" + this.broker.port(),
						"spring.kafka.streams.application-id=orders", "spring.kafka.streams.state-dir=" + this.state),
				Stream.of(more))
			.toArray(String[]::new));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(Stream.of(properties).map((each) -> "--" + each).toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableKafkaStreams
	static class Application {

		@Bean
		KStream<String, String> orders(StreamsBuilder builder) {
			KStream<String, String> orders = builder.stream("orders", Consumed.with(Serdes.String(), Serdes.String()));
			orders.to("accepted");
			return orders;
		}

		/**
		 * There is no broker to say goodbye to.
		 */
		@Bean
		StreamsBuilderFactoryBeanConfigurer quickly() {
			return (streams) -> streams.setCloseTimeout(1);
		}

	}

}
