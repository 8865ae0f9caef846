package dev.psat.spire.actuate.endpoint;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLException;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.actuate.endpoint.SpireDescriptor;
import dev.psat.spire.actuate.endpoint.SpireDescriptor.X509Authority;
import dev.psat.spire.actuate.endpoint.SpireEndpoint;
import dev.psat.spire.actuate.endpoint.SpireEndpointAutoConfiguration;
import dev.psat.spire.autoconfigure.SimulatedWorld;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.internal.EngineHandshake;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AuthorityUses}: what an application says of its authorities at each
 * step of a rotation, and what its meters do.
 */
class AuthorityUsesTests {

	private static final String BANK = "spiffe://example.org/ns/shop/sa/bank";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, PsatAutoConfiguration.class,
				PsatEndpointAutoConfiguration.class, SpireAutoConfiguration.class, SpireEndpointAutoConfiguration.class,
				SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=psat,spire",
				"spire.bundle.authorize-any-client=true");

	/** Whoever has a connection holds its engines. */
	private final List<EngineHandshake> kept = new CopyOnWriteArrayList<>();

	@Test
	void answerIsRightAtEachStepOfARotationOnAServer() {
		try (SimulatedWorld world = new SimulatedWorld()) {
			this.contextRunner.withPropertyValues(world.properties())
				.run((context) -> assertRotation(context, world.server(), () -> visit(context), true));
		}
	}

	@Test
	void answerIsRightAtEachStepOfARotationBehindTheWorkloadApi() {
		try (SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().build()) {
			api.addEntry(SimulatedWorld.ORDERS);
			this.contextRunner.withPropertyValues("spire.workload-api.socket=" + api.address())
				.run((context) -> assertRotation(context, api.server(), api::sync, false));
		}
	}

	private void assertRotation(ApplicationContext context, SimulatedSpireServer server, Runnable visit, boolean tells)
			throws SSLException {
		await().until(() -> context.getBean(SpireIdentity.class).status().state() == SpireState.READY);
		X509Authority first = authorities(context).get(0);
		assertThat(authorities(context)).singleElement()
			.satisfies((authority) -> assertThat(authority).returns("example.org", X509Authority::trustDomain)
				.returns(tells ? false : null, X509Authority::tainted)
				.returns(true, X509Authority::ownSvid)
				.returns(0, X509Authority::openConnections)
				.returns(null, X509Authority::lastPeer));
		assertThat(first.expiresAt()).isNotNull();
		assertThat(first.seenSince()).isNotNull();
		call(context, server);
		assertThat(authorities(context)).singleElement().satisfies((authority) -> {
			assertThat(authority.openConnections()).isOne();
			assertThat(Objects.requireNonNull(authority.lastPeer())).returns(BANK, SpireDescriptor.LastPeer::id)
				.returns(Direction.INBOUND, SpireDescriptor.LastPeer::direction);
		});
		server.authority().prepare();
		visit.run();
		await().untilAsserted(() -> assertThat(authorities(context)).hasSize(2));
		assertThat(authority(context, first)).returns(true, X509Authority::ownSvid)
			.returns(1, X509Authority::openConnections);
		X509Authority second = authorities(context).get(1);
		assertThat(second).returns(false, X509Authority::ownSvid)
			.returns(0, X509Authority::openConnections)
			.returns(null, X509Authority::lastPeer);
		server.authority().activate();
		call(context, server);
		call(context, server);
		assertThat(authority(context, second)).returns(2, X509Authority::openConnections);
		assertThat(authority(context, first)).returns(1, X509Authority::openConnections);
		await().untilAsserted(() -> {
			assertThat(gauge(context, first)).isEqualTo(1);
			assertThat(gauge(context, second)).isEqualTo(2);
		});
		server.authority().taint();
		visit.run();
		await().untilAsserted(() -> assertThat(authority(context, first)).returns(false, X509Authority::ownSvid)
			.returns(tells ? true : null, X509Authority::tainted)
			.returns(1, X509Authority::openConnections));
		assertThat(authority(context, second)).returns(true, X509Authority::ownSvid)
			.returns(tells ? false : null, X509Authority::tainted);
		server.authority().revoke();
		visit.run();
		await().untilAsserted(() -> assertThat(authorities(context)).hasSize(1));
		assertThat(authority(context, second)).returns(true, X509Authority::ownSvid)
			.returns(2, X509Authority::openConnections);
		await().untilAsserted(() -> {
			assertThat(gauge(context, first)).isNaN();
			assertThat(gauge(context, second)).isEqualTo(2);
		});
		assertThat(this.kept).hasSize(3);
		await().untilAsserted(() -> assertThat(open(context)).isEqualTo(2));
	}

	@Test
	void authoritiesOfAFederatedTrustDomainAreShownAsLongAsItIsTrusted() {
		try (SimulatedWorld world = new SimulatedWorld();
				SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build()) {
			world.server().federateWith(partner);
			this.contextRunner.withPropertyValues(world.properties())
				.withPropertyValues("spire.federates-with=partner.org",
						"spire.bundle.authorized-clients=spiffe://partner.org/bank")
				.run((context) -> {
					await().untilAsserted(() -> assertThat(authorities(context)).hasSize(2));
					this.kept.add(EngineHandshake
						.begin(partner.mintX509Svid("spiffe://partner.org/bank")
							.toSslBundle(world.server())
							.createSslContext(), context.getBean(SpiffeSslBundle.class).createSslContext(), "TLSv1.3")
						.end());
					X509Authority foreign = authorities(context).get(1);
					assertThat(foreign).returns("partner.org", X509Authority::trustDomain)
						.returns(null, X509Authority::tainted)
						.returns(false, X509Authority::ownSvid)
						.returns(1, X509Authority::openConnections);
					await().untilAsserted(() -> assertThat(gauge(context, foreign)).isEqualTo(1));
					assertThat(authorities(context).get(0)).returns(0, X509Authority::openConnections);
				});
		}
	}

	private void call(ApplicationContext context, SimulatedSpireServer server) throws SSLException {
		this.kept.add(
				EngineHandshake
					.begin(server.bundleOf(BANK).createSslContext(),
							context.getBean(SpiffeSslBundle.class).createSslContext(), "TLSv1.3")
					.end());
	}

	/**
	 * A JWT-SVID needs an agent, and there is none after a start.
	 */
	private static void visit(ApplicationContext context) {
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		identity.stop();
		identity.start();
		identity.jwtSvid("bank" + System.nanoTime());
	}

	private static List<X509Authority> authorities(ApplicationContext context) {
		return Objects.requireNonNullElse(context.getBean(SpireEndpoint.class).spire().x509Authorities(), List.of());
	}

	private static X509Authority authority(ApplicationContext context, X509Authority authority) {
		return authorities(context).stream()
			.filter((candidate) -> candidate.keyId().equals(authority.keyId()))
			.findFirst()
			.orElseThrow(AssertionError::new);
	}

	private static double gauge(ApplicationContext context, X509Authority authority) {
		Gauge gauge = context.getBean(MeterRegistry.class)
			.find("spire.authority.connections")
			.tags("trust.domain", authority.trustDomain(), "authority", authority.keyId())
			.gauge();
		return (gauge != null) ? gauge.value() : Double.NaN;
	}

	private static double open(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("spire.connections.open")
			.tags("bundle", "spire", "direction", "inbound")
			.gauge()
			.value();
	}

}
