package dev.psat.products.kafka;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.products.ServerCertificate;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests the bundle {@code spire} with a broker that has an X.509-SVID, and an identity
 * bundle with one that has a certificate of a classic CA.
 */
class KafkaTests {

	private static final String HOST_CHECK = "spring.kafka.properties.ssl.endpoint.identification.algorithm=";

	private static final KafkaWorld WORLD = new KafkaWorld();

	@BeforeAll
	static void start() {
		WORLD.broker().start();
	}

	@AfterAll
	static void stop() {
		WORLD.close();
	}

	@ParameterizedTest
	@CsvSource({ "kafka.yaml, SPIRE", "kafka-classic.yaml, CLASSIC" })
	void sendsAndReceives(String recipe, ServerCertificate listener) throws Exception {
		String topic = "greetings-" + listener;
		try (TlsApplication application = WORLD.run(recipe, listener, Consuming.class, "topic=" + topic)) {
			Sender.of(application).send(topic, "hello");
			await()
				.untilAsserted(() -> assertThat(application.bean(Consuming.class).received()).containsExactly("hello"));
			assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).contains(application.serialNumber());
		}
	}

	@Test
	void refusesABrokerThatIsNotListed() {
		try (TlsApplication application = run(Producing.class, ServerCertificate.STRANGER)) {
			Sender.of(application)
				.assertThatFailure()
				.hasMessageContaining(
						"The peer " + TlsWorld.STRANGER + " is not listed in 'spire.bundle.authorized-servers'");
		}
	}

	@Test
	void refusesABrokerWithAClassicCertificate() {
		try (TlsApplication application = run(Producing.class, ServerCertificate.CLASSIC)) {
			Sender.of(application)
				.assertThatFailure()
				.hasMessageContaining("The certificate is not an X.509-SVID: it has no URI name");
		}
	}

	@ParameterizedTest
	@CsvSource({ "kafka.yaml, SPIRE", "kafka-classic.yaml, CLASSIC" })
	void doesNotStartWhereItWouldSpeakInTheClear(String recipe, ServerCertificate listener) {
		assertThatException()
			.isThrownBy(() -> WORLD.run(recipe, listener, Consuming.class, "topic=greetings",
					"spring.kafka.security.protocol=PLAINTEXT"))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class)
			.withMessageContaining("'security.protocol' is 'PLAINTEXT', but only 'SSL' and 'SASL_SSL' use TLS.");
	}

	/**
	 * By its default the client asks for the host name, which an X.509-SVID does not
	 * have.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "https", "" })
	void hostNameIsNotChecked(String algorithm) throws Exception {
		try (TlsApplication application = run(Producing.class, ServerCertificate.SPIRE, HOST_CHECK + algorithm)) {
			Sender.of(application).send("greetings-of-any-host", "hello");
		}
		try (TlsApplication application = run(Producing.class, ServerCertificate.STRANGER, HOST_CHECK + algorithm)) {
			Sender.of(application).assertThatFailure().hasMessageContaining("is not listed");
		}
	}

	@Test
	void identityBundleRefusesAnotherHost() {
		try (TlsApplication application = runClassic(ServerCertificate.ELSEWHERE)) {
			Sender.of(application)
				.assertThatFailure()
				.hasMessageContaining("No subject alternative DNS name matching localhost found");
		}
	}

	@Test
	void identityBundleAcceptsAnotherHostWhereTheClientSaysSo() throws Exception {
		try (TlsApplication application = runClassic(ServerCertificate.ELSEWHERE, HOST_CHECK)) {
			Sender.of(application).send("greetings-of-any-host", "hello");
		}
	}

	@Test
	void identityBundleRefusesABrokerWithAnX509Svid() {
		try (TlsApplication application = runClassic(ServerCertificate.SPIRE, HOST_CHECK)) {
			Sender.of(application).assertThatFailure().hasMessageContaining("PKIX path building failed");
		}
	}

	@ParameterizedTest
	@CsvSource({ "kafka.yaml, SPIRE", "kafka-classic.yaml, CLASSIC" })
	void openConnectionOutlivesARotationUntilItIsIdle(String recipe, ServerCertificate listener) throws Exception {
		try (TlsApplication application = WORLD.run(recipe, listener, Producing.class,
				"spring.kafka.properties.connections.max.idle.ms=8000")) {
			Sender.of(application).send("rotations", "before");
			BigInteger before = application.serialNumber();
			application.rotate();
			Sender.of(application).send("rotations", "on the open connection");
			assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(before);
			await().pollDelay(Duration.ofSeconds(9)).pollInterval(Duration.ofSeconds(9)).untilAsserted(() -> {
				Sender.of(application).send("rotations", "on a new connection");
				assertThat(WORLD.broker().serialNumbers(TlsWorld.ORDERS)).last().isEqualTo(application.serialNumber());
			});
		}
	}

	@Test
	void accessIsGrantedByTheSpiffeId() throws Exception {
		try (Admin admin = Admin.create(WORLD.administrator(KafkaBroker.ADMIN));
				TlsApplication application = run(Producing.class, ServerCertificate.SPIRE)) {
			grant(admin, "orders", TlsWorld.ORDERS);
			grant(admin, "payroll", TlsWorld.STRANGER);
			Sender.of(application).send("orders", "hello");
			assertThatThrownBy(() -> Sender.of(application).send("payroll", "hello"))
				.hasRootCauseInstanceOf(TopicAuthorizationException.class);
		}
	}

	/**
	 * What Kafka would take for the name of a client without a principal builder.
	 */
	@Test
	void subjectOfAllWorkloadsIsTheSame() throws Exception {
		try (Admin admin = Admin.create(WORLD.administrator(KafkaBroker.ADMIN));
				Admin other = Admin.create(WORLD.administrator(TlsWorld.LISTED))) {
			admin.describeCluster().nodes().get();
			other.describeCluster().nodes().get();
		}
		assertThat(WORLD.broker().log()).contains("request of User:" + KafkaBroker.ADMIN + ", subject O=SPIRE, C=US,",
				"request of User:" + TlsWorld.LISTED + ", subject O=SPIRE, C=US,");
	}

	private static TlsApplication run(Class<?> source, ServerCertificate listener, String... properties) {
		return WORLD.run("kafka.yaml", listener, source, properties);
	}

	private static TlsApplication runClassic(ServerCertificate listener, String... properties) {
		return WORLD.run("kafka-classic.yaml", listener, Producing.class, properties);
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
