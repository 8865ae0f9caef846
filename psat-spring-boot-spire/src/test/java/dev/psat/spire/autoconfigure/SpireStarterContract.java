package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The contract of the whole starter with a SPIRE Server, a simulated one and a real one
 * alike. Attests twice, the second time as another process would, so the order matters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class SpireStarterContract {

	/** A server attests for one address once a second. */
	private static final Duration PAUSE = Duration.ofMillis(1100);

	private final JsonMapper mapper = new JsonMapper();

	private @Nullable ConfigurableApplicationContext context;

	/**
	 * Return the properties of an application that the server attests in a cluster whose
	 * agents have the IDs of their pods.
	 */
	abstract Map<String, Object> properties() throws IOException;

	/**
	 * Return the SPIFFE ID that the application is to obtain.
	 * @return the ID, {@code null} if it is not known
	 */
	abstract @Nullable String expectedId();

	/**
	 * Return how long to wait from one attestation to the next.
	 */
	Duration pause() {
		return PAUSE;
	}

	@BeforeAll
	void start() throws IOException {
		this.context = new SpringApplicationBuilder(Application.class).properties(properties())
			.properties("server.port=0", "server.address=127.0.0.1",
					"management.endpoints.web.exposure.include=health,psat,spire",
					"management.endpoint.health.show-details=always", "spring.main.banner-mode=off")
			.run();
		awaitReady();
	}

	@AfterAll
	void close() {
		if (this.context != null) {
			this.context.close();
		}
	}

	@Test
	@Order(1)
	void identityIsTheOneThatIsExpected() {
		SpireStatus status = identity().status();
		assertThat(status.agentId()).asString()
			.startsWith("spiffe://" + status.trustDomain() + "/spire/agent/k8s_psat/");
		assertThat(status.candidates()).isPositive();
		if (expectedId() == null) {
			System.err.println("NOT PROVED that the application obtains the ID that it should: which one was not said");
		}
		assumeThat(expectedId()).isNotNull();
		assertThat(identity().x509Svid().spiffeId()).hasToString(expectedId());
	}

	@Test
	@Order(2)
	void x509SvidChainsToTheTrustBundle() {
		X509Svid svid = identity().x509Svid();
		TrustBundle bundle = identity().trustBundle();
		assertThat(svid.chainsToUntainted(bundle, Instant.now())).isTrue();
		assertThat(svid.expiresAt()).isAfter(Instant.now());
		assertThat(bundle.sequenceNumber()).isNotNegative();
	}

	@Test
	@Order(3)
	void jwtSvidIsForItsAudienceAndOfTheTrustBundle() {
		JwtSvid svid = identity().jwtSvid("orders");
		assertThat(svid.spiffeId()).isEqualTo(identity().x509Svid().spiffeId());
		assertThat(svid.audience()).containsExactly("orders");
		assertThat(svid.expiresAt()).isAfter(Instant.now());
		String keyId = this.mapper
			.readTree(Base64.getUrlDecoder().decode(svid.token().substring(0, svid.token().indexOf('.'))))
			.path("kid")
			.asString();
		assertThat(identity().trustBundle().jwtAuthorities()).extracting(JwtAuthority::keyId).contains(keyId);
	}

	@Test
	@Order(4)
	void endpointHasTheMembersOfTheContract() throws IOException {
		JsonNode part = get("/actuator/spire");
		assertThat(part.propertyNames()).containsExactly("state", "server", "trustDomain", "agentId", "agentExpiresAt",
				"candidates", "svid", "trustBundle", "x509Authorities", "clockSkew");
		assertThat(part.path("svid").propertyNames()).containsExactly("id", "serialNumber", "generation", "issuedAt",
				"expiresAt", "renewalDueAt");
		assertThat(part.path("trustBundle").propertyNames()).containsExactly("authorities", "sequenceNumber",
				"refreshedAt");
		assertThat(part.path("state").asString()).isEqualTo("READY");
		assertThat(part.at("/svid/serialNumber").asString()).isEqualTo(identity().x509Svid().serialNumber().toString());
	}

	@Test
	@Order(5)
	void healthIsUp() throws IOException {
		JsonNode health = get("/actuator/health");
		assertThat(health.at("/components/spire/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/psat/status").asString()).isEqualTo("UP");
	}

	@Test
	@Order(6)
	void stateIsPublishedAndTheFirstSvidIsNoRotation() {
		Application application = context().getBean(Application.class);
		await().untilAsserted(() -> assertThat(application.states).last().isEqualTo(SpireState.READY));
		assertThat(application.rotations).isEmpty();
	}

	@Test
	@Order(7)
	void metersCountWhatWasAsked() {
		MeterRegistry meters = context().getBean(MeterRegistry.class);
		assertThat(meters.get("spire.attestation").tag("outcome", "success").timer().count()).isOne();
		assertThat(meters.get("spire.svid.requests").tag("outcome", "success").counter().count()).isPositive();
		assertThat(meters.get("spire.trust.bundle.refreshes").tag("outcome", "success").counter().count()).isPositive();
		assertThat(meters.get("spire.svid.expires.in").timeGauge().value(TimeUnit.SECONDS)).isPositive();
		assertThat(meters.get("spire.state").tag("state", "ready").gauge().value()).isOne();
	}

	/**
	 * Both ends verify what the server has signed, and ask it for nothing more.
	 */
	@Test
	@Order(8)
	void bundleServesAndCallsByTheSvid() throws Exception {
		SpiffeSslBundle bundle = context().getBean(SpiffeSslBundle.class).authorizing((peer) -> true);
		SSLContext tls = bundle.createSslContext();
		long attestations = attestations();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (SSLServerSocket server = (SSLServerSocket) tls.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			server.setNeedClientAuth(true);
			Future<?> answered = executor.submit(() -> echo(server));
			try (SSLSocket client = (SSLSocket) tls.getSocketFactory()
				.createSocket(server.getInetAddress(), server.getLocalPort())) {
				client.setSoTimeout(Patience.MILLIS);
				client.getOutputStream().write('!');
				assertThat(client.getInputStream().read()).isEqualTo('!');
				assertThat(client.getSession().getPeerCertificates()[0]).isEqualTo(identity().x509Svid().leaf());
			}
			answered.get(Patience.SECONDS, TimeUnit.SECONDS);
		}
		finally {
			executor.shutdownNow();
		}
		for (Direction direction : Direction.values()) {
			assertThat(bundle.handshakes().count(direction, HandshakeOutcome.ACCEPTED)).isOne();
		}
		assertThat(attestations()).isEqualTo(attestations);
	}

	private long attestations() {
		return context().getBean(MeterRegistry.class)
			.get("spire.attestation")
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	private static @Nullable Void echo(SSLServerSocket server) throws IOException {
		try (SSLSocket accepted = (SSLSocket) server.accept()) {
			accepted.setSoTimeout(Patience.MILLIS);
			accepted.getOutputStream().write(accepted.getInputStream().read());
			return null;
		}
	}

	@Test
	@Order(9)
	void nextProcessIsTheSameAgentWithAnotherSvid() throws Exception {
		SpireStatus before = identity().status();
		X509Svid svid = identity().x509Svid();
		context().close();
		await().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-")).isEmpty());
		TimeUnit.MILLISECONDS.sleep(pause().toMillis());
		start();
		assertThat(identity().status().agentId()).isEqualTo(before.agentId());
		assertThat(identity().x509Svid().spiffeId()).isEqualTo(svid.spiffeId());
		assertThat(identity().x509Svid().serialNumber()).isNotEqualTo(svid.serialNumber());
	}

	/**
	 * Wait for the first visit to be complete. What a visit cannot mend is not waited
	 * for.
	 */
	private void awaitReady() {
		await()
			.failFast(() -> assertThat(identity().status())
				.doesNotMatch((status) -> status.state() == SpireState.NODE_IDENTITY))
			.untilAsserted(() -> assertThat(identity().status())
				.matches((status) -> status.state() == SpireState.READY && status.lastError() == null));
	}

	private SpireIdentity identity() {
		return context().getBean(SpireIdentity.class);
	}

	private ConfigurableApplicationContext context() {
		assertThat(this.context).isNotNull();
		return this.context;
	}

	private JsonNode get(String path) throws IOException {
		String port = context().getEnvironment().getRequiredProperty("local.server.port");
		try (InputStream answer = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
			return this.mapper.readTree(answer);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final List<SvidRotatedEvent> rotations = new CopyOnWriteArrayList<>();

		final List<SpireState> states = new CopyOnWriteArrayList<>();

		@EventListener
		void rotated(SvidRotatedEvent event) {
			this.rotations.add(event);
		}

		@EventListener
		void stateChanged(SpireStateChangedEvent event) {
			this.states.add(event.state());
		}

	}

}
