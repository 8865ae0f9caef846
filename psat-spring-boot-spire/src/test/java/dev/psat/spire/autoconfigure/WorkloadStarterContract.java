package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStateChangedEvent;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidRotatedEvent;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.EngineHandshake;
import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.support.RunningThreads;
import dev.psat.support.agent.AgentUnderTest;
import dev.psat.support.agent.EntryOptions;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of the whole starter with a Workload API, a simulated one and that of a
 * real SPIRE Agent alike. What lasts is done last, so the order matters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WorkloadStarterContract {

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BILLING = "spiffe://example.org/billing";

	private static final TrustDomain PARTNER = TrustDomain.of(AgentUnderTest.PARTNER);

	private final JsonMapper mapper = new JsonMapper();

	private @Nullable ConfigurableApplicationContext context;

	abstract Path socket();

	abstract String add(String spiffeId, EntryOptions options);

	abstract void delete(String entry);

	/**
	 * Delete an entry and add another one, between two synchronizations of the agent.
	 */
	abstract void exchange(String entry, String spiffeId);

	/**
	 * Delete all entries.
	 */
	abstract void clear();

	abstract void rotate();

	abstract void kill();

	abstract void start();

	abstract void prepareAuthority();

	abstract void activateAuthorityAndTaint();

	abstract void revokeAuthority();

	abstract void endFederation();

	abstract void stop();

	@AfterEach
	void close() {
		if (this.context != null) {
			this.context.close();
			this.context = null;
		}
		// but for those that look at connections of other tests, whose bundles have no
		// context
		within().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-", "spire-"))
			.filteredOn((thread) -> !thread.getName().equals("spire-connections"))
			.isEmpty());
		clear();
		try (WorkloadClient client = WorkloadClient.builder(WorkloadEndpoint.parse("unix://" + socket())).build()) {
			within().untilAsserted(() -> assertThatExceptionOfType(WorkloadException.class)
				.isThrownBy(() -> client.jwtSvids(List.of("nobody"), null, Duration.ofSeconds(10)))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.NO_IDENTITY)));
		}
	}

	@AfterAll
	void stopAgent() {
		stop();
	}

	@Test
	@Order(1)
	void identityIsThereAsSoonAsThereIsAnEntry() throws IOException {
		run();
		within().untilAsserted(() -> assertThat(status().state()).isEqualTo(SpireState.WAITING_FOR_ENTRY));
		assertThat(get("/actuator/health").at("/components/spire/status").asString()).isEqualTo("DOWN");
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity().x509Svid());
		add(ORDERS, EntryOptions.NONE.withHint("orders"));
		awaitReady(ORDERS);
		X509Svid svid = identity().x509Svid();
		assertThat(svid.chainsToUntainted(identity().trustBundle(), Instant.now())).isTrue();
		assertThat(svid.hint()).isEqualTo("orders");
		within().untilAsserted(() -> assertThat(application().states).last().isEqualTo(SpireState.READY));
		assertThat(application().rotations).isEmpty();
	}

	@Test
	@Order(1)
	void nothingIsShownOfATokenOrAServer() throws IOException {
		add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		JsonNode part = get("/actuator/spire");
		assertThat(part.propertyNames()).containsExactly("state", "workloadApi", "trustDomain", "candidates", "svid",
				"trustBundle", "x509Authorities");
		assertThat(part.path("svid").propertyNames()).containsExactly("id", "serialNumber", "generation", "issuedAt",
				"expiresAt");
		assertThat(part.path("workloadApi").asString()).isEqualTo("unix://" + socket());
		JsonNode health = get("/actuator/health");
		assertThat(health.path("status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/spire/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/psat").propertyNames()).containsExactly("status");
		MeterRegistry meters = context().getBean(MeterRegistry.class);
		assertThat(meters.find("spire.attestation").meters()).isEmpty();
		// which are counted once the state has been published
		within().untilAsserted(() -> {
			assertThat(meters.get("spire.svid.requests").tag("outcome", "success").counter().count()).isPositive();
			assertThat(meters.get("spire.trust.bundle.refreshes").tag("outcome", "success").counter().count())
				.isPositive();
		});
		assertThat(meters.get("spire.svid.expires.in").timeGauge().value(TimeUnit.SECONDS)).isPositive();
		assertThat(meters.get("spire.state").tag("state", "ready").gauge().value()).isOne();
	}

	@Test
	@Order(2)
	void jwtSvidIsForItsAudienceAndOfTheTrustBundle() {
		add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		JwtSvid svid = identity().jwtSvid("inventory");
		assertThat(svid.spiffeId()).hasToString(ORDERS);
		assertThat(svid.audience()).containsExactly("inventory");
		assertThat(identity().jwtSvid("inventory")).isEqualTo(svid);
		String keyId = this.mapper
			.readTree(Base64.getUrlDecoder().decode(svid.token().substring(0, svid.token().indexOf('.'))))
			.path("kid")
			.asString();
		within()
			.untilAsserted(() -> assertThat(identity().trustBundle().jwtAuthorities()).extracting(JwtAuthority::keyId)
				.contains(keyId));
	}

	@Test
	@Order(2)
	void bundleServesAndCallsByTheNewestSvid() throws Exception {
		add(ORDERS, EntryOptions.NONE.withX509SvidTtl(Duration.ofSeconds(20)));
		run();
		awaitReady(ORDERS);
		// a real agent rotates whenever it wants
		within().untilAsserted(() -> assertThat(presented()).isEqualTo(identity().x509Svid().leaf()));
		X509Certificate first = identity().x509Svid().leaf();
		rotate();
		within()
			.untilAsserted(() -> assertThat(presented()).isNotEqualTo(first).isEqualTo(identity().x509Svid().leaf()));
		assertThat(application().states).containsOnlyOnce(SpireState.READY);
		assertThat(status().state()).isEqualTo(SpireState.READY);
	}

	@Test
	@Order(3)
	void agentThatIsRestartedIsFoundAgain() throws Exception {
		add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		X509Certificate before = identity().x509Svid().leaf();
		kill();
		assertThat(presented()).isEqualTo(before);
		start();
		within().untilAsserted(() -> assertThat(identity().x509Svid().leaf()).isNotEqualTo(before));
		within().untilAsserted(() -> assertThat(status().lastError()).isNull());
		assertThat(presented()).isEqualTo(identity().x509Svid().leaf());
		assertThat(identity().jwtSvid("inventory").spiffeId()).hasToString(ORDERS);
		assertStayedReady();
	}

	@Test
	@Order(3)
	void exchangedEntryIsNoOutage() {
		String entry = add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		exchange(entry, BILLING);
		awaitReady(BILLING);
		assertThat(identity().jwtSvid("inventory").spiffeId()).hasToString(BILLING);
		assertStayedReady();
	}

	@Test
	@Order(3)
	void severalEntriesTakeAHintUnlessOneIsInForce() {
		add(ORDERS, EntryOptions.NONE.withHint("orders"));
		run();
		awaitReady(ORDERS);
		add(BILLING, EntryOptions.NONE.withHint("bills"));
		within().untilAsserted(() -> assertThat(status().candidates()).isEqualTo(2));
		assertThat(identity().x509Svid().spiffeId()).hasToString(ORDERS);
		context().close();
		run();
		within().untilAsserted(() -> assertThat(status().lastError()).satisfies(
				(error) -> assertThat(error).isNotNull().returns("AMBIGUOUS_ENTRY", SpireStatus.LastError::reason)));
		assertThat(status().state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		context().close();
		run("spire.svid.hint=bills");
		awaitReady(BILLING);
		context().close();
		run("spire.svid.spiffe-id=" + ORDERS);
		awaitReady(ORDERS);
	}

	@Test
	@Order(4)
	void entryThatIsLeftIsUsed() {
		String orders = add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		add(BILLING, EntryOptions.NONE);
		within().untilAsserted(() -> assertThat(status().candidates()).isEqualTo(2));
		delete(orders);
		awaitReady(BILLING);
		assertStayedReady();
	}

	@Test
	@Order(5)
	void partnerIsTrustedUntilFederationEnds() {
		add(ORDERS, EntryOptions.NONE.federating());
		run("spire.federates-with=" + PARTNER);
		awaitReady(ORDERS);
		assertThat(identity().trustBundle(PARTNER).x509Authorities()).isNotEmpty();
		within().untilAsserted(() -> assertThat(identity().trustBundle(PARTNER).jwtAuthorities()).isNotEmpty());
		endFederation();
		within().untilAsserted(() -> assertThatExceptionOfType(SvidUnavailableException.class)
			.isThrownBy(() -> identity().trustBundle(PARTNER)));
		assertStayedReady();
	}

	@Test
	@Order(7)
	void authorityThatIsRevokedAtOnceIsNotTrustedEvenThoughTheSvidIsStillOneOfIts() {
		add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		X509Authority old = identity().trustBundle().x509Authorities().get(0);
		prepareAuthority();
		within().untilAsserted(() -> assertThat(identity().trustBundle().x509Authorities()).hasSize(2));
		activateAuthorityAndTaint();
		revokeAuthority();
		within()
			.untilAsserted(() -> assertThat(identity().trustBundle().x509Authorities()).hasSize(1).doesNotContain(old));
		assertStayedReady();
	}

	@Test
	@Order(6)
	void rotationOfTheAuthorityIsFollowed() throws Exception {
		add(ORDERS, EntryOptions.NONE);
		run();
		awaitReady(ORDERS);
		X509Authority old = identity().trustBundle().x509Authorities().get(0);
		X509Certificate before = identity().x509Svid().leaf();
		prepareAuthority();
		within().untilAsserted(() -> assertThat(identity().trustBundle().x509Authorities()).hasSize(2));
		activateAuthorityAndTaint();
		within().untilAsserted(() -> assertThat(identity().x509Svid().leaf()).isNotEqualTo(before));
		assertThat(presented()).isEqualTo(identity().x509Svid().leaf());
		revokeAuthority();
		within()
			.untilAsserted(() -> assertThat(identity().trustBundle().x509Authorities()).hasSize(1).doesNotContain(old));
		assertThat(presented()).isEqualTo(identity().x509Svid().leaf());
		assertStayedReady();
	}

	void run(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class)
			.properties(Map.of("spire.workload-api.socket", "unix://" + socket(), "server.port", "0", "server.address",
					"127.0.0.1", "management.endpoints.web.exposure.include", "health,psat,spire",
					"management.endpoint.health.show-details", "always", "spring.main.banner-mode", "off",
					"spire.bundle.authorize-any-client", "true", "spire.bundle.authorize-any-server", "true"))
			.properties(properties)
			.run();
	}

	/**
	 * Wait for what the agent does at its next synchronization.
	 */
	static ConditionFactory within() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptionsInstanceOf(SvidUnavailableException.class);
	}

	void awaitReady(String spiffeId) {
		within().untilAsserted(() -> {
			assertThat(status().state()).isEqualTo(SpireState.READY);
			assertThat(identity().x509Svid().spiffeId()).hasToString(spiffeId);
		});
	}

	/**
	 * Check that there was no other state once there was an identity.
	 */
	private void assertStayedReady() {
		assertThat(status().state()).isEqualTo(SpireState.READY);
		within().untilAsserted(() -> assertThat(application().states).endsWith(SpireState.READY));
		assertThat(application().states).containsOnlyOnce(SpireState.READY);
	}

	/**
	 * Shake hands with ourselves, and return what was presented.
	 */
	X509Certificate presented() throws Exception {
		SpiffeSslBundle bundle = context().getBean(SpiffeSslBundle.class);
		EngineHandshake handshake = EngineHandshake
			.begin(bundle.createSslContext(), bundle.createSslContext(), "TLSv1.3")
			.end();
		return (X509Certificate) handshake.client().getSession().getPeerCertificates()[0];
	}

	SpireIdentity identity() {
		return context().getBean(SpireIdentity.class);
	}

	private SpireStatus status() {
		return identity().status();
	}

	private Application application() {
		return context().getBean(Application.class);
	}

	private ConfigurableApplicationContext context() {
		assertThat(this.context).isNotNull();
		return this.context;
	}

	private JsonNode get(String path) throws IOException {
		String port = context().getEnvironment().getRequiredProperty("local.server.port");
		HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path)
			.toURL()
			.openConnection();
		return this.mapper
			.readTree((connection.getResponseCode() < 400) ? connection.getInputStream() : connection.getErrorStream());
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
