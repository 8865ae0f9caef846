package dev.psat.tlstests.rabbitmq;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.stream.Environment;
import com.rabbitmq.stream.StreamException;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.Patience;
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
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The end of connections of the streams of RabbitMQ, whose client does nothing but wait
 * for an answer.
 */
class RabbitStreamEndTests {

	private static final long PATIENCE_SECONDS = Patience.SECONDS;

	private final EndMint root = new EndMint("root");

	private final PlayedIdentity identity = new PlayedIdentity();

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> this.identity, (peer) -> null, (peer) -> null,
			SslOptions.NONE);

	/**
	 * Nobody has to wait for an answer that cannot come any more.
	 */
	@Test
	void connectionEndsWithItsCause() throws Exception {
		this.identity.trust(this.root.authority());
		this.identity.present(this.root.mint(TlsWorld.ORDERS));
		try (SilentBroker broker = new SilentBroker(this.root.mint(TlsWorld.LISTED));
				ConfigurableApplicationContext application = run(broker)) {
			Environment environment = application.getBean(Environment.class);
			FutureTask<?> call = new FutureTask<>(() -> environment.streamCreator().stream("measurements").create(),
					null);
			new Thread(call, "stream-call").start();
			assertThat(broker.connected().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			await().until(() -> this.bundle.connections().open(Direction.OUTBOUND) == 1);
			this.identity.trust(new EndMint("other").authority());
			assertThat(broker.ended().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			await().until(() -> this.bundle.connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED) == 1);
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> call.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
				.withRootCauseInstanceOf(StreamException.class);
		}
	}

	private ConfigurableApplicationContext run(SilentBroker broker) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("played", this.bundle)))
			.run("--spring.main.banner-mode=off", "--spire.psat.enabled=false",
					"--spring.rabbitmq.stream.host=localhost", "--spring.rabbitmq.stream.port=" + broker.port(),
					"--spring.rabbitmq.stream.ssl.enabled=true", "--spring.rabbitmq.stream.ssl.bundle=played",
					"--spring.rabbitmq.listener.type=stream");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		EnvironmentBuilderCustomizer patient() {
			return (builder) -> builder.rpcTimeout(Duration.ofSeconds(2 * PATIENCE_SECONDS));
		}

	}

}
