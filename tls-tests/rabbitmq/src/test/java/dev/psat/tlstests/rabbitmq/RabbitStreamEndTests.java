package dev.psat.tlstests.rabbitmq;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.stream.Environment;
import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.tlstests.EndMint;
import dev.psat.tlstests.PlayedIdentity;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.EnvironmentBuilderCustomizer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * The end of connections of the streams of RabbitMQ, whose client does nothing but wait
 * for an answer.
 */
class RabbitStreamEndTests {

	private static final long PATIENCE_SECONDS = 30;

	private static final EndMint ROOT = new EndMint("root");

	private static final PlayedIdentity IDENTITY = new PlayedIdentity();

	private static final SpiffeSslBundle BUNDLE = SpiffeSslBundle.of(() -> IDENTITY, (peer) -> null, (peer) -> null,
			SslOptions.NONE);

	@Test
	void connectionEndsWithItsCause() throws Exception {
		IDENTITY.trust(ROOT.authority());
		IDENTITY.present(ROOT.mint(TlsWorld.ORDERS));
		try (SilentBroker broker = new SilentBroker(ROOT.mint(TlsWorld.LISTED));
				ConfigurableApplicationContext application = run(broker)) {
			Environment environment = application.getBean(Environment.class);
			Thread caller = new Thread(() -> assertThatException()
				.isThrownBy(() -> environment.streamCreator().stream("measurements").create()), "stream-call");
			caller.start();
			assertThat(broker.connected().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			await().until(() -> BUNDLE.connections().open(Direction.OUTBOUND) == 1);
			IDENTITY.trust(new EndMint("other").authority());
			assertThat(broker.ended().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(BUNDLE.connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED)).isOne();
			caller.join();
		}
	}

	private static ConfigurableApplicationContext run(SilentBroker broker) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--spring.rabbitmq.stream.host=localhost",
					"--spring.rabbitmq.stream.port=" + broker.port(), "--spring.rabbitmq.stream.ssl.enabled=true",
					"--spring.rabbitmq.stream.ssl.bundle=played", "--spring.rabbitmq.listener.type=stream");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SslBundleRegistrar played() {
			return (registry) -> registry.registerBundle("played", BUNDLE);
		}

		@Bean
		EnvironmentBuilderCustomizer patient() {
			return (builder) -> builder.rpcTimeout(Duration.ofSeconds(3));
		}

	}

}
