package dev.psat.products.kafka;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.psat.products.Recipe;
import dev.psat.products.kafka.KafkaBroker.Listener;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests the bundle {@code spire} with a broker that has an X.509-SVID.
 */
class KafkaTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Recipe RECIPE = Recipe.of("kafka.yaml").with("products.wanted=kafka");

	private static final TlsWorld WORLD = new TlsWorld();

	private static final KafkaBroker BROKER = new KafkaBroker(WORLD);

	@BeforeAll
	static void start() {
		BROKER.start();
	}

	@AfterAll
	static void stop() {
		BROKER.close();
		WORLD.close();
	}

	@Test
	void sendsAndReceives() throws Exception {
		try (TlsApplication application = run(Consuming.class, Listener.SPIRE, "topic=greetings",
				"spring.kafka.consumer.auto-offset-reset=earliest")) {
			send(application, "greetings", "hello");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(application.bean(Consuming.class).received()).containsExactly("hello"));
			assertThat(BROKER.serialNumbers(TlsWorld.ORDERS)).contains(application.serialNumber());
		}
	}

	@Test
	void refusesABrokerThatIsNotListed() {
		try (TlsApplication application = run(Producing.class, Listener.STRANGER)) {
			assertThatFailureOf(application).hasMessageContaining(
					"The peer " + TlsWorld.STRANGER + " is not listed in 'spire.psat.bundle.authorized-servers'");
		}
	}

	@Test
	void refusesABrokerWithAClassicCertificate() {
		try (TlsApplication application = run(Producing.class, Listener.WEB)) {
			assertThatFailureOf(application)
				.hasMessageContaining("The certificate is not an X.509-SVID: it has no URI name");
		}
	}

	/**
	 * By its default the client asks for the host name, which an X.509-SVID does not
	 * have.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "https", "" })
	void hostNameIsNotChecked(String algorithm) throws Exception {
		try (TlsApplication application = run(Producing.class, Listener.SPIRE,
				"spring.kafka.properties.ssl.endpoint.identification.algorithm=" + algorithm)) {
			send(application, "greetings-of-any-host", "hello");
		}
		try (TlsApplication application = run(Producing.class, Listener.STRANGER,
				"spring.kafka.properties.ssl.endpoint.identification.algorithm=" + algorithm)) {
			assertThatFailureOf(application).hasMessageContaining("is not listed");
		}
	}

	@Test
	void openConnectionOutlivesARotationUntilItIsIdle() throws Exception {
		try (TlsApplication application = run(Producing.class, Listener.SPIRE,
				"spring.kafka.properties.connections.max.idle.ms=3000")) {
			send(application, "rotations", "before");
			BigInteger before = application.serialNumber();
			application.rotate();
			send(application, "rotations", "on the open connection");
			assertThat(BROKER.serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(before);
			await().atMost(PATIENCE)
				.pollDelay(Duration.ofSeconds(4))
				.pollInterval(Duration.ofSeconds(4))
				.untilAsserted(() -> {
					send(application, "rotations", "on a new connection");
					assertThat(BROKER.serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(application.serialNumber());
				});
		}
	}

	@Test
	void accessIsGrantedByTheSpiffeId() throws Exception {
		try (Admin admin = Admin.create(pem(KafkaBroker.ADMIN));
				TlsApplication application = run(Producing.class, Listener.SPIRE)) {
			grant(admin, "orders", TlsWorld.ORDERS);
			grant(admin, "payroll", TlsWorld.STRANGER);
			send(application, "orders", "hello");
			assertThatThrownBy(() -> send(application, "payroll", "hello"))
				.hasRootCauseInstanceOf(TopicAuthorizationException.class);
		}
	}

	/**
	 * What Kafka would take for the name of a client without a principal builder.
	 */
	@Test
	void subjectOfAllWorkloadsIsTheSame() throws Exception {
		try (Admin admin = Admin.create(pem(KafkaBroker.ADMIN)); Admin other = Admin.create(pem(TlsWorld.LISTED))) {
			admin.describeCluster().nodes().get();
			other.describeCluster().nodes().get();
		}
		assertThat(BROKER.log()).contains("request of User:" + KafkaBroker.ADMIN + ", subject O=SPIRE, C=US,",
				"request of User:" + TlsWorld.LISTED + ", subject O=SPIRE, C=US,");
	}

	private static TlsApplication run(Class<?> source, Listener listener, String... properties) {
		return RECIPE
			.with("spring.kafka.bootstrap-servers=" + BROKER.address(listener),
					"spring.kafka.producer.properties.max.block.ms=10000")
			.with(properties)
			.run(WORLD, source);
	}

	private static void send(TlsApplication application, String topic, String message) throws Exception {
		application.bean(Producing.Sender.class).send(topic, message);
	}

	private static AbstractThrowableAssert<?, ?> assertThatFailureOf(TlsApplication application) {
		return assertThatThrownBy(() -> send(application, "refusals", "hello")).cause()
			.isInstanceOf(SslAuthenticationException.class)
			.cause();
	}

	private static Map<String, Object> pem(String spiffeId) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("bootstrap.servers", BROKER.address(Listener.SPIRE));
		properties.put("security.protocol", "SSL");
		properties.put("ssl.endpoint.identification.algorithm", "");
		properties.put("ssl.keystore.type", "PEM");
		properties.put("ssl.keystore.location",
				Credential.of(WORLD.server().mintX509Svid(spiffeId)).writeTo(WORLD.directory()).toString());
		properties.put("ssl.truststore.type", "PEM");
		properties.put("ssl.truststore.location", BROKER.directory().resolve("authorities.pem").toString());
		return properties;
	}

	private static void grant(Admin admin, String topic, String spiffeId)
			throws ExecutionException, InterruptedException {
		AccessControlEntry entry = new AccessControlEntry("User:" + spiffeId, "*", AclOperation.ALL,
				AclPermissionType.ALLOW);
		admin
			.createAcls(
					List.of(new AclBinding(new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), entry)))
			.all()
			.get();
	}

}
