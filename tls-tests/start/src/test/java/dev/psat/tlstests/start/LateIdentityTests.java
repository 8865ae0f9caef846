package dev.psat.tlstests.start;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.psat.spire.SpireIdentity;
import dev.psat.support.Patience;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsWorld;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for an application whose clients connect while it starts, and whose SPIRE Server
 * comes late.
 */
@ExtendWith(OutputCaptureExtension.class)
class LateIdentityTests {

	private static final String WAITING = "Waiting up to 300 s for the first X.509-SVID, since 'spire.svid.wait-for' is 'always'";

	@AutoClose
	private final TlsWorld world = new TlsWorld();

	private final Map<String, Doorman> doormen = new LinkedHashMap<>();

	LateIdentityTests() {
		for (String product : new String[] { "database", "redis", "rabbit", "kafka" }) {
			this.doormen.put(product, new Doorman(this.world.credential(Peer.LISTED)));
		}
		this.world.server().stop();
	}

	@AfterEach
	void close() {
		this.doormen.values().forEach(Doorman::close);
	}

	@Test
	void noneConnectsBeforeThereIsAnSvidIfTheStartAlwaysWaits(CapturedOutput output) throws Exception {
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture
			.supplyAsync(() -> start("spire.svid.wait-for=always"));
		await().until(() -> output.getOut().contains(WAITING));
		assertThat(start).isNotDone();
		this.world.server().restart();
		try (ConfigurableApplicationContext context = start.get(Patience.SECONDS, TimeUnit.SECONDS)) {
			assertThat(this.doormen).allSatisfy((product, doorman) -> {
				await().until(() -> doorman.known() > 0);
				assertThat(doorman.turnedAway()).isZero();
			});
			assertThat(listener(context).isRunning()).isTrue();
			assertThat(output).containsOnlyOnce(WAITING);
		}
	}

	@Test
	void allFailByDefaultAndAListenerOfKafkaStopsForGood() {
		try (ConfigurableApplicationContext context = start("spring.flyway.enabled=false")) {
			for (String product : new String[] { "redis", "rabbit", "kafka" }) {
				await().untilAsserted(() -> assertThat(this.doormen.get(product)).isNotNull()
					.satisfies((doorman) -> assertThat(doorman.turnedAway()).isPositive()));
			}
			await().until(() -> !listener(context).isRunning());
			this.world.server().restart();
			// it may be in its longest pause
			await().until(() -> context.getBean(SpireIdentity.class).status().state().isUp());
			assertThat(listener(context).isRunning()).isFalse();
		}
	}

	@Test
	void migrationFailsByDefault() {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> CompletableFuture.supplyAsync(() -> start("spring.flyway.enabled=true"))
				.get(Patience.SECONDS, TimeUnit.SECONDS))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("FlywayMigrationInitializer")
				.hasStackTraceContaining("There is no X.509-SVID to connect with"));
	}

	private ConfigurableApplicationContext start(String... more) {
		Stream<String> ports = this.doormen.entrySet()
			.stream()
			.map((doorman) -> "port." + doorman.getKey() + "=" + doorman.getValue().port());
		Stream<String> products = Stream.of("spring.data.redis.ssl.bundle=spire",
				"spring.data.redis.port=${port.redis}", "spring.rabbitmq.ssl.bundle=spire",
				"spring.rabbitmq.port=${port.rabbit}", "spring.kafka.ssl.bundle=spire",
				"spring.kafka.security.protocol=SSL", "spring.kafka.bootstrap-servers=localhost:${port.kafka}");
		String[] properties = Stream.of(ports, products, Stream.of(more))
			.flatMap((each) -> each)
			.toArray(String[]::new);
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(Stream.of(this.world.properties(properties)).map((each) -> "--" + each).toArray(String[]::new));
	}

	private static MessageListenerContainer listener(ConfigurableApplicationContext context) {
		return context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainers().iterator().next();
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		DataSource dataSource(@Value("${port.database}") int port, SslBundles bundles) {
			JdbcDataSource database = new JdbcDataSource();
			database.setURL("jdbc:h2:mem:" + port + ";DB_CLOSE_DELAY=-1");
			return new SecuredDatabase(database, bundles.getBundle("spire"), port);
		}

		@Bean
		String cache(RedisConnectionFactory connections) {
			try {
				connections.getConnection().close();
				return "connected";
			}
			catch (RedisConnectionFailureException ex) {
				return "hung up";
			}
		}

		@KafkaListener(topics = "orders", groupId = "orders")
		void record(String order) {
		}

		@RabbitListener(queues = "orders")
		void message(String order) {
		}

	}

}
