package dev.psat.spire.metrics;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.EngineHandshake;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BundleMeters} and {@link AuthorityMeters}.
 */
class ConnectionMetersTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SslAutoConfiguration.class,
				SpireAutoConfiguration.class, SpireMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.bundle.authorize-any-client=true", "spire.bundle.authorize-any-server=true");

	@Test
	void connectionsAreOpenUntilTheyAreEndedWithTheirCause() {
		KeyedIdentity identity = new KeyedIdentity();
		identity.rotate();
		this.contextRunner.withBean(SpireIdentity.class, () -> identity).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class);
			assertThat(open(registry, "inbound")).isZero();
			EngineHandshake connection = EngineHandshake
				.begin(bundle.createSslContext(), bundle.createSslContext(), "TLSv1.3")
				.end();
			assertThat(open(registry, "inbound")).isOne();
			assertThat(open(registry, "outbound")).isOne();
			identity.rotate(new SvidMint("another"));
			await().untilAsserted(() -> assertThat(ended(registry, "inbound", "untrusted")).isOne());
			assertThat(open(registry, "inbound")).isZero();
			assertThat(ended(registry, "inbound", "expired")).isZero();
			// nobody could end the engine of a client without having its calls hang
			assertThat(open(registry, "outbound")).isOne();
			connection.client().closeOutbound();
		});
	}

	@Test
	void connectionsOfAnIdentityBundleOnlyEndWithTheIdentity() {
		TestIdentity identity = new TestIdentity();
		identity.become(TestIdentity.ready(1));
		this.contextRunner.withBean(SpireIdentity.class, () -> identity)
			.withPropertyValues("spire.identity-bundles.web.trust=jvm")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("spire.connections.ended").tag("bundle", "web").meters()).singleElement()
					.extracting((meter) -> meter.getId().getTag("direction"), (meter) -> meter.getId().getTag("cause"))
					.isEqualTo(tuple("outbound", "identity").toList());
				assertThat(registry.get("spire.connections.open").tag("bundle", "web").gauges()).singleElement()
					.extracting((gauge) -> gauge.getId().getTag("direction"))
					.isEqualTo("outbound");
			});
	}

	@Test
	void authorityHasAMeterFromItsFirstDayToItsLast() {
		TestIdentity identity = new TestIdentity();
		SvidMint old = new SvidMint("old");
		SvidMint next = new SvidMint("next");
		this.contextRunner.withBean(SpireIdentity.class, () -> identity).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(authorities(registry)).isEmpty();
			identity.trust(old.bundle());
			identity.become(TestIdentity.ready(1));
			assertThat(authorities(registry)).containsExactly(keyId(old));
			identity.trust(SvidMint.bundle(old, next));
			identity.become(TestIdentity.trusting(2, 2));
			assertThat(authorities(registry)).containsExactlyInAnyOrder(keyId(old), keyId(next));
			identity.trust(next.bundle());
			identity.become(TestIdentity.trusting(1, 3));
			assertThat(authorities(registry)).containsExactly(keyId(next));
			identity.trust(null);
			identity.become(TestIdentity.trusting(1, 4));
			assertThat(authorities(registry)).isEmpty();
		});
		assertThat(identity.observers()).isEmpty();
	}

	/**
	 * The next change of trust may be hours away.
	 */
	@Test
	void authoritiesThatArriveWhileARegistryIsBoundHaveTheirMeters() {
		SvidMint mint = new SvidMint();
		TestIdentity identity = new TestIdentity();
		AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {
			identity.trust(mint.bundle());
			identity.become(TestIdentity.ready(1));
		});
		SpireIdentity slow = proxy(SpireIdentity.class, (proxy, method, arguments) -> {
			Object answer = method.invoke(identity, arguments);
			if (method.getName().equals("status")) {
				// what was looked up is old by the time it is returned
				meanwhile.getAndSet(() -> {
				}).run();
			}
			return answer;
		});
		SpiffeSslBundle bundle = SpiffeSslBundle.of(slow);
		MeterRegistry registry = new SimpleMeterRegistry();
		new BundleMeters(slow, bundle, () -> Map.of("spire", bundle)).bindTo(registry);
		assertThat(authorities(registry)).containsExactly(keyId(mint));
	}

	@Test
	void moreAuthoritiesThanAnybodyNeedsHaveNoMeters() {
		TestIdentity identity = new TestIdentity();
		TrustBundle many = SvidMint
			.bundle(IntStream.range(0, 30).mapToObj((i) -> new SvidMint("root " + i)).toArray(SvidMint[]::new));
		identity.trust(many);
		identity.become(TestIdentity.ready(1));
		this.contextRunner.withBean(SpireIdentity.class, () -> identity)
			.run((context) -> assertThat(authorities(context.getBean(MeterRegistry.class))).hasSize(20));
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private static Iterable<String> authorities(MeterRegistry registry) {
		return registry.find("spire.authority.connections")
			.meters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> "example.org".equals(id.getTag("trust.domain")))
			.map((id) -> Objects.requireNonNull(id.getTag("authority")))
			.toList();
	}

	private static String keyId(SvidMint authority) {
		return new X509Authority(authority.certificate(), false).keyId();
	}

	private static double open(MeterRegistry registry, String direction) {
		return registry.get("spire.connections.open").tags("bundle", "spire", "direction", direction).gauge().value();
	}

	private static double ended(MeterRegistry registry, String direction, String cause) {
		return registry.get("spire.connections.ended")
			.tags("bundle", "spire", "direction", direction, "cause", cause)
			.functionCounter()
			.count();
	}

}
