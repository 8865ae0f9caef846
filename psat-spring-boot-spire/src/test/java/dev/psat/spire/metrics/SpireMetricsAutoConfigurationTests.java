package dev.psat.spire.metrics;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.internal.EngineHandshake;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SpireMetricsAutoConfiguration} and the meters it wires.
 */
class SpireMetricsAutoConfigurationTests {

	private final TestIdentity identity = new TestIdentity();

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SslAutoConfiguration.class,
				SpireAutoConfiguration.class, SpireMetricsAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")
		.withBean(SpireIdentity.class, () -> this.identity);

	private final ApplicationContextRunner contextRunner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	/**
	 * Meters are bound before the life cycle begins, and read whenever somebody likes.
	 */
	@Test
	void metersDoNotStartTheIdentity() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("spire.trust.bundle.expires.in").timeGauge().value(TimeUnit.SECONDS)).isNaN();
			assertThat(this.identity.asked()).isZero();
		});
	}

	@Test
	void runWithoutRegistryHasNoMeters() {
		this.withoutRegistry.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MeterBinder.class));
	}

	@Test
	void runWithoutIdentityHasNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
							CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpireMeters.class));
	}

	@Test
	void runWhenUserHasMetersOfSameNameKeepsThem() {
		this.contextRunner.withBean("spireMeters", MeterBinder.class, () -> (registry) -> {
		})
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("spire.attestation").meters())
				.isEmpty());
	}

	@Test
	void runWhenUserHasMetersOfBundlesOfSameNameKeepsThem() {
		this.contextRunner.withBean("spireBundleMeters", MeterBinder.class, () -> (registry) -> {
		})
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("spire.handshakes").meters())
				.isEmpty());
	}

	@Test
	void runWithoutBundleHasNoMetersOfHandshakes() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
							CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withBean(SpireIdentity.class, () -> this.identity)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(SpireMeters.class)
				.doesNotHaveBean(BundleMeters.class));
	}

	@Test
	void exactlyOneStateIsThePresentOne() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new SpireMeters(this.identity, Clock.systemUTC()).bindTo(registry);
		assertThat(states(registry)).containsExactly("starting");
		this.identity.become(TestIdentity.ready(1));
		assertThat(states(registry)).containsExactly("ready");
		this.identity.become(TestIdentity.failing(SpireState.RENEWAL_FAILING, true));
		assertThat(states(registry)).containsExactly("renewal-failing");
		assertThat(registry.get("spire.state").gauges()).hasSameSizeAs(SpireState.values());
	}

	private static Stream<@Nullable String> states(MeterRegistry registry) {
		return registry.get("spire.state")
			.gauges()
			.stream()
			.filter((gauge) -> gauge.value() == 1)
			.map((gauge) -> gauge.getId().getTag("state"));
	}

	@Test
	void metersAreThoseOfTheContractBeforeAnythingHasSucceeded() {
		this.contextRunner.run((context) -> assertThat(context.getBean(MeterRegistry.class).getMeters())
			.filteredOn((meter) -> meter.getId().getName().startsWith("spire."))
			.filteredOn((meter) -> !meter.getId().getName().equals("spire.state"))
			.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank())
			.map((meter) -> "%s %s %s".formatted(meter.getId().getType(), meter.getId().getName(),
					meter.getId().getTags()))
			.containsExactlyInAnyOrder("TIMER spire.attestation [tag(outcome=success)]",
					"TIMER spire.jwt.svid.requests [tag(outcome=success)]", "GAUGE spire.svid.expires.in []",
					"GAUGE spire.trust.bundle.expires.in []", "COUNTER spire.svid.requests [tag(outcome=success)]",
					"COUNTER spire.trust.bundle.refreshes [tag(outcome=success)]",
					handshakes("inbound", "accepted", "example.org"),
					handshakes("inbound", "unauthorized", "example.org"), handshakes("inbound", "accepted", "other"),
					handshakes("inbound", "unauthorized", "other"), handshakes("inbound", "untrusted", "other"),
					handshakes("inbound", "malformed", "other"), handshakes("outbound", "accepted", "example.org"),
					handshakes("outbound", "unauthorized", "example.org"), handshakes("outbound", "accepted", "other"),
					handshakes("outbound", "unauthorized", "other"), handshakes("outbound", "untrusted", "other"),
					handshakes("outbound", "malformed", "other"), unlisted("inbound"), unlisted("outbound"),
					open("inbound"), open("outbound"), ended("inbound", "expired"), ended("inbound", "untrusted"),
					ended("inbound", "unauthorized"), ended("inbound", "identity"), ended("outbound", "expired"),
					ended("outbound", "untrusted"), ended("outbound", "unauthorized"), ended("outbound", "identity")));
	}

	private static String unlisted(String direction) {
		return "COUNTER spire.handshakes.unlisted [tag(bundle=spire), tag(direction=%s)]".formatted(direction);
	}

	private static String open(String direction) {
		return "GAUGE spire.connections.open [tag(bundle=spire), tag(direction=%s)]".formatted(direction);
	}

	private static String ended(String direction, String cause) {
		return "COUNTER spire.connections.ended [tag(bundle=spire), tag(cause=%s), tag(direction=%s)]".formatted(cause,
				direction);
	}

	/**
	 * The agent attests, and only the first X.509-SVID tells the own trust domain.
	 */
	@Test
	void metersFromTheWorkloadApiAreThoseWithoutAttestationAndTheOwnTrustDomainFollows() {
		this.identity.become(TestIdentity.connecting(TestIdentity.untrusted("partner.org", FederationState.UNKNOWN)));
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("spire.attestation").meters()).isEmpty();
			assertThat(registry.get("spire.svid.requests").meters()).hasSize(1);
			assertThat(handshakeTrustDomains(registry)).containsOnly("partner.org", "other").hasSize(12);
			int observers = this.identity.observers().size();
			this.identity.become(TestIdentity.handedOut());
			this.identity.become(TestIdentity.handedOut());
			assertThat(handshakeTrustDomains(registry)).containsOnly("example.org", "partner.org", "other").hasSize(16);
			context.close();
			assertThat(this.identity.observers()).hasSizeLessThan(observers);
		});
		assertThat(this.identity.observers()).isEmpty();
	}

	/**
	 * As of an identity of the application that tells its trust domain late. A counter
	 * that decreases counts as one that began anew.
	 */
	@Test
	void peersThatWereCountedBeforeTheOwnTrustDomainWasKnownStayCounted() {
		this.identity.become(TestIdentity.connecting());
		MeterRegistry registry = new SimpleMeterRegistry();
		Peers peers = new Peers();
		BundleMeters meters = new BundleMeters(this.identity, peers.bundle, () -> Map.of("spire", peers.bundle));
		meters.bindTo(registry);
		peers.callFrom("example.org");
		assertThat(inbound(registry, "accepted", "other")).isOne();
		this.identity.become(TestIdentity.handedOut());
		peers.callFrom("example.org");
		assertThat(inbound(registry, "accepted", "other")).isOne();
		assertThat(inbound(registry, "accepted", "example.org")).isEqualTo(2);
		meters.destroy();
		assertThat(this.identity.observers()).isEmpty();
	}

	private static List<String> handshakeTrustDomains(MeterRegistry registry) {
		return registry.get("spire.handshakes")
			.meters()
			.stream()
			.map((meter) -> String.valueOf(meter.getId().getTag("trust.domain")))
			.toList();
	}

	private static String handshakes(String direction, String outcome, String trustDomain) {
		return "COUNTER spire.handshakes [tag(bundle=spire), tag(direction=%s), tag(outcome=%s), tag(trust.domain=%s)]"
			.formatted(direction, outcome, trustDomain);
	}

	@Test
	void handshakesWithEachBundleAreCountedFromTheStart() {
		this.contextRunner
			.withPropertyValues("spire.bundle.name=mine", "spire.identity-bundles.web.trust=jvm",
					"spire.identity-bundles.kafka.trust=jvm")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).get("spire.handshakes").meters())
				.extracting((meter) -> meter.getId().getTag("bundle"), (meter) -> meter.getId().getTag("direction"),
						(meter) -> meter.getId().getTag("outcome"), (meter) -> meter.getId().getTag("trust.domain"))
				.filteredOn((tags) -> !tags.toList().get(0).equals("mine"))
				.containsExactlyInAnyOrder(tuple("web", "outbound", "accepted", "none"),
						tuple("web", "outbound", "untrusted", "none"), tuple("kafka", "outbound", "accepted", "none"),
						tuple("kafka", "outbound", "untrusted", "none")));
	}

	@Test
	void serverThatAnIdentityBundleRefusesIsCountedForThatBundleAlone() {
		KeyedIdentity keyed = new KeyedIdentity();
		keyed.rotate();
		this.contextRunner
			.withBean("keyed", SpireIdentity.class, () -> keyed, (definition) -> definition.setPrimary(true))
			.withPropertyValues("spire.identity-bundles.web.trust=jvm", "spire.identity-bundles.kafka.trust=jvm")
			.run((context) -> {
				SSLContext client = Objects
					.requireNonNull(context.getBean(SpireWiring.class).identityBundles().get("web"))
					.createSslContext();
				SSLContext server = context.getBean(SpiffeSslBundle.class).createSslContext();
				assertThatExceptionOfType(SSLException.class)
					.isThrownBy(() -> EngineHandshake.begin(client, server, "TLSv1.3").end());
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(untrusted(registry, "web")).isOne();
				assertThat(untrusted(registry, "kafka")).isZero();
				assertThat(untrusted(registry, "spire")).isZero();
			});
	}

	@Test
	void eachFederatedTrustDomainIsCountedFromTheStart() {
		this.identity.become(federating("partner.org", "third.org"));
		this.contextRunner
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).get("spire.handshakes").meters())
				.hasSize(20)
				.extracting((meter) -> meter.getId().getTag("trust.domain"))
				.containsOnly("example.org", "partner.org", "third.org", "other"));
	}

	@Test
	void handshakeIsCountedByTheTrustDomainThatVouchesForThePeer() {
		this.identity.become(federating("partner.org"));
		this.contextRunner.run((context) -> {
			MeterRegistry registry = new SimpleMeterRegistry();
			Peers peers = new Peers();
			new HandshakeMeters(registry, Map.of("spire", peers.bundle)).bind(this.identity.status());
			peers.callFrom("example.org");
			peers.callFrom("partner.org");
			peers.callFrom("partner.org");
			peers.callFrom("fourth.org");
			peers.callFrom("nobody.org");
			assertThat(inbound(registry, "accepted", "example.org")).isOne();
			assertThat(inbound(registry, "accepted", "partner.org")).isEqualTo(2);
			assertThat(inbound(registry, "accepted", "other")).isOne();
			assertThat(inbound(registry, "untrusted", "other")).isOne();
			assertThat(registry.get("spire.handshakes").meters()).hasSize(16);
		});
	}

	@Test
	void identityThatDoesNotTellItsTrustDomainsHasThemCountedAsOther() {
		for (Supplier<SpireStatus> status : List.<Supplier<SpireStatus>>of(() -> TestIdentity.bare(SpireState.READY),
				() -> {
					throw new IllegalStateException("not yet");
				})) {
			SpireIdentity reticent = (SpireIdentity) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { SpireIdentity.class },
					(proxy, method, arguments) -> method.getName().equals("status") ? status.get()
							: method.invoke(this.identity, arguments));
			MeterRegistry registry = new SimpleMeterRegistry();
			Peers peers = new Peers();
			new BundleMeters(reticent, peers.bundle, () -> Map.of("spire", peers.bundle)).bindTo(registry);
			peers.callFrom("example.org");
			peers.callFrom("partner.org");
			assertThat(inbound(registry, "accepted", "other")).isEqualTo(2);
			assertThat(registry.get("spire.handshakes").meters()).hasSize(8);
		}
	}

	/**
	 * A name that a trust domain may have, and that is the tag of all others.
	 */
	@Test
	void trustDomainWithTheNameOfAllOthersHidesNoneOfThem() {
		MeterRegistry registry = new SimpleMeterRegistry();
		Peers peers = new Peers();
		new HandshakeMeters(registry, Map.of("spire", peers.bundle)).bind(federating("partner.org", "other"));
		peers.callFrom("other");
		peers.callFrom("fourth.org");
		assertThat(inbound(registry, "accepted", "other")).isEqualTo(2);
		assertThat(registry.get("spire.handshakes").meters()).hasSize(16);
	}

	private static double inbound(MeterRegistry registry, String outcome, String trustDomain) {
		return registry.get("spire.handshakes")
			.tags("direction", "inbound", "outcome", outcome, "trust.domain", trustDomain)
			.functionCounter()
			.count();
	}

	private static SpireStatus federating(String... trustDomains) {
		List<SpireStatus.Federation> federation = Stream.of(trustDomains)
			.map((name) -> SpireStatus.Federation.builder(TrustDomain.of(name), FederationState.UNKNOWN, 0).build())
			.toList();
		return TestIdentity.ready(1).mutate().federation(federation).build();
	}

	@Test
	void bundlesHaveNoMetersWhileTheIdentityHasNotBegun() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		try (SpireIdentity identity = SpireServerIdentity.builder(() -> {
			throw new IllegalStateException("Nobody attests in this test");
		})
			.server(new ServerAddress("localhost", 1))
			.trustDomain(TrustDomain.of("example.org"))
			.trustBundle(Path.of("/no/such/bundle"))
			.build()) {
			SpiffeSslBundle bundle = SpiffeSslBundle.of(identity);
			new BundleMeters(identity, bundle, () -> Map.of("spire", bundle)).bindTo(registry);
			assertThat(registry.getMeters()).isEmpty();
			identity.start();
			await().until(() -> registry.find("spire.handshakes").meters().size() == 12);
			assertThat(registry.find("spire.connections.open").meters()).hasSize(2);
		}
	}

	@Test
	void bundlesHaveNoMetersWhileTheIdentityIsDisabled() {
		this.identity.become(TestIdentity.bare(SpireState.DISABLED));
		this.contextRunner
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("spire.handshakes").meters())
				.isEmpty());
	}

	@Test
	void bundleWithPolicyOfItsOwnIsCountedOnce() {
		this.contextRunner.withUserConfiguration(Policed.class)
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).get("spire.handshakes").meters())
				.hasSize(12)
				.allMatch((meter) -> "spire".equals(meter.getId().getTag("bundle"))));
	}

	@Test
	void metersCountByOutcome() {
		this.contextRunner.run((context) -> {
			for (SpireObserver observer : this.identity.observers()) {
				observer.x509SvidRequested("success");
				observer.x509SvidRequested("no-entry");
				observer.refreshed("success");
				observer.refreshed("success");
			}
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(count(registry, "spire.svid.requests", "success")).isOne();
			assertThat(count(registry, "spire.svid.requests", "no-entry")).isOne();
			assertThat(count(registry, "spire.trust.bundle.refreshes", "success")).isEqualTo(2);
		});
	}

	@Test
	void metersTimeRequestsByOutcome() {
		MockClock clock = new MockClock();
		SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
		OutcomeMeters meters = new OutcomeMeters(registry, true);
		request(meters, SpireObserver.Request.Type.ATTESTATION, "unreachable", clock, 3);
		request(meters, SpireObserver.Request.Type.ATTESTATION, "unreachable", clock, 4);
		request(meters, SpireObserver.Request.Type.ATTESTATION, "success", clock, 2);
		request(meters, SpireObserver.Request.Type.JWT_SVID, "timed-out", clock, 3);
		Timer failed = registry.get("spire.attestation").tag("outcome", "unreachable").timer();
		assertThat(failed.count()).isEqualTo(2);
		assertThat(failed.totalTime(TimeUnit.SECONDS)).isEqualTo(7);
		Timer succeeded = registry.get("spire.attestation").tag("outcome", "success").timer();
		assertThat(succeeded.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
		Timer late = registry.get("spire.jwt.svid.requests").tag("outcome", "timed-out").timer();
		assertThat(late.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
	}

	private static void request(OutcomeMeters meters, SpireObserver.Request.Type type, String outcome, MockClock clock,
			long seconds) {
		SpireObserver.Ending ending = meters.requesting(SpireObserver.Request.builder(type).build());
		assertThat(ending).isNotNull();
		clock.addSeconds(seconds);
		ending.ended(outcome);
	}

	@Test
	void identityThatOutlivesTheContextIsNoLongerObserved() {
		this.contextRunner.run((context) -> {
			context.getBean(SpireMeters.class).bindTo(new SimpleMeterRegistry());
			assertThat(this.identity.observers()).hasSize(6);
		});
		assertThat(this.identity.observers()).isEmpty();
	}

	@Test
	void timeToExpiryFollowsTheSvidAndIsNegativeOnceItHasExpired() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new SpireMeters(this.identity, Clock.fixed(TestIdentity.EXPIRES_AT.minusSeconds(90), ZoneOffset.UTC))
			.bindTo(registry);
		TimeGauge gauge = registry.get("spire.svid.expires.in").timeGauge();
		assertThat(gauge.value(TimeUnit.SECONDS)).isNaN();
		this.identity.become(TestIdentity.ready(1));
		assertThat(gauge.value(TimeUnit.SECONDS)).isEqualTo(90);
		SimpleMeterRegistry later = new SimpleMeterRegistry();
		new SpireMeters(this.identity, Clock.fixed(TestIdentity.EXPIRES_AT.plusSeconds(5), ZoneOffset.UTC))
			.bindTo(later);
		assertThat(later.get("spire.svid.expires.in").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(-5);
	}

	@Test
	void timeToExpiryOfTheBundleIsThatOfItsLastAuthority() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		SvidMint old = new SvidMint("old");
		SvidMint next = new SvidMint("next");
		Instant expiry = Stream.of(old, next)
			.map((authority) -> authority.certificate().getNotAfter().toInstant())
			.max(Comparator.naturalOrder())
			.orElseThrow();
		new SpireMeters(this.identity, Clock.fixed(expiry.minusSeconds(90), ZoneOffset.UTC)).bindTo(registry);
		TimeGauge gauge = registry.get("spire.trust.bundle.expires.in").timeGauge();
		assertThat(gauge.value(TimeUnit.SECONDS)).isNaN();
		this.identity.trust(SvidMint.bundle(old, next));
		this.identity.become(TestIdentity.ready(1));
		assertThat(gauge.value(TimeUnit.SECONDS)).isEqualTo(90);
	}

	@Test
	void runWhenDisabledHasMetersThatShowNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class)
				.get("spire.svid.expires.in")
				.timeGauge()
				.value(TimeUnit.SECONDS)).isNaN());
	}

	private static double untrusted(MeterRegistry registry, String bundle) {
		return registry.get("spire.handshakes")
			.tag("bundle", bundle)
			.tag("direction", "outbound")
			.tag("outcome", "untrusted")
			.functionCounter()
			.count();
	}

	private static double count(MeterRegistry registry, String name, String outcome) {
		return registry.get(name).tag("outcome", outcome).counter().count();
	}

	@Configuration(proxyBeanMethods = false)
	static class Policed {

		@Bean
		SslBundleRegistrar policed(SpiffeSslBundle bundle) {
			return (registry) -> registry.registerBundle("policed", bundle.authorizing((peer) -> true));
		}

	}

	/**
	 * An identity that trusts three other trust domains, and whoever calls it.
	 */
	private static final class Peers {

		private final SvidMint mint = new SvidMint("root");

		private final KeyedIdentity identity = new KeyedIdentity() {

			@Override
			public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
				return trustDomain.name().equals("nobody.org") ? null : Peers.this.mint.bundleOf(trustDomain);
			}

		};

		private final SpiffeSslBundle bundle;

		Peers() {
			PeerPolicy anybody = new PeerPolicy() {

				@Override
				public @Nullable String refusal(SpiffeId peer) {
					return null;
				}

				@Override
				public Set<TrustDomain> trustDomains() {
					return Set.of(TrustDomain.of("partner.org"), TrustDomain.of("fourth.org"), TrustDomain.of("other"));
				}

			};
			this.identity.rotate(this.mint);
			this.bundle = SpiffeSslBundle.of(() -> this.identity, anybody, anybody, SslOptions.NONE)
				.keepingConnections();
		}

		void callFrom(String trustDomain) {
			X509TrustManager manager = (X509TrustManager) this.bundle.getManagers().getTrustManagers()[0];
			try {
				manager.checkClientTrusted(this.mint.mint("spiffe://%s/caller".formatted(trustDomain)).array(), "EC");
			}
			catch (CertificateException ex) {
				assertThat(ex).hasMessageContaining("nobody.org");
			}
		}

	}

}
