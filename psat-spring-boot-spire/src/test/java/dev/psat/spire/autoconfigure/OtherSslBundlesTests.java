package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.metrics.SpireMetricsAutoConfiguration;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.health.application.SslHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code OtherSslBundles}, and for the filter of the meters.
 */
class OtherSslBundlesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SslAutoConfiguration.class,
				SpireAutoConfiguration.class, SslHealthContributorAutoConfiguration.class,
				SpireMetricsAutoConfiguration.class, SslMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token",
				"spire.identity-bundles.spire-web.trust=jvm")
		.withBean(SpireIdentity.class, TestIdentity::new)
		.withUserConfiguration(Bundles.class);

	@Test
	void bundlesOfTheIdentityAreLeftOutUnderAnyName() {
		this.contextRunner.run((context) -> {
			assertThat(bundles(context)).containsExactly("expired");
			assertThat(context.getBean(SslInfo.class).getBundle("spire").getName()).isEqualTo("spire");
		});
	}

	@Test
	void bundlesOfTheIdentityAreListedIfAPropertySaysSo() {
		this.contextRunner.withPropertyValues("spire.bundle.ssl-info=true")
			.run((context) -> assertThat(bundles(context)).containsExactlyInAnyOrder("expired", "policed", "spire",
					"spire-web", "web"));
	}

	@Test
	void nothingIsLeftOutOfSeveralRegistries() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false")
			.withBean("one", SslBundles.class, DefaultSslBundleRegistry::new)
			.withBean("other", SslBundles.class, DefaultSslBundleRegistry::new)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SslInfo.class));
	}

	@Test
	void otherBundlesStayWatched() {
		this.contextRunner.run((context) -> {
			Health health = Objects.requireNonNull(context.getBean(SslHealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(context.getBean(MeterRegistry.class).find("ssl.chain.expiry").tag("bundle", "expired").gauges())
				.isNotEmpty();
		});
	}

	@Test
	void metersOfChainsAreThoseOfOtherBundles() {
		this.contextRunner.run((context) -> assertThat(registered(context)).containsExactly("other"));
	}

	@Test
	void metersOfChainsAreThoseOfAllBundlesIfAPropertySaysSo() {
		this.contextRunner.withPropertyValues("spire.bundle.ssl-info=true")
			.run((context) -> assertThat(registered(context)).containsExactly("spire", "policed", "spire-web", "web",
					"other"));
	}

	@Test
	void runWhenUserHasSslInfoKeepsIt() {
		SslInfo own = new SslInfo(new DefaultSslBundleRegistry());
		this.contextRunner.withBean(SslInfo.class, () -> own)
			.run((context) -> assertThat(context.getBean(SslInfo.class)).isSameAs(own));
	}

	@Test
	void runWithoutBundlesHasNoSslInfo() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SslInfo.class));
	}

	private static List<String> bundles(ApplicationContext context) {
		return context.getBean(SslInfo.class).getBundles().stream().map(SslInfo.BundleInfo::getName).toList();
	}

	private static List<String> registered(ApplicationContext context) {
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		return List.of("spire", "policed", "spire-web", "web", "other").stream().filter((bundle) -> {
			registry.counter("ssl.chains", "bundle", bundle).increment();
			return registry.find("ssl.chains").tag("bundle", bundle).counter() != null;
		}).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Bundles {

		@Bean
		SslBundleRegistrar bundles(SpiffeSslBundle bundle) {
			return (registry) -> {
				registry.registerBundle("policed", bundle.authorizing((peer) -> true));
				registry.registerBundle("web", IdentitySslBundle.of(new TestIdentity()));
				registry.registerBundle("expired", SslBundle.of(SslStoreBundle.of(expired(), "", null)));
			};
		}

		private static KeyStore expired() {
			Minted minted = new SvidMint("root").order("spiffe://example.org/web")
				.issuedAt(Instant.now().minus(Duration.ofHours(2)), Duration.ofHours(1))
				.mint();
			try {
				KeyStore store = KeyStore.getInstance("PKCS12");
				store.load(null, null);
				store.setKeyEntry("web", minted.privateKey(), new char[0], minted.array());
				return store;
			}
			catch (GeneralSecurityException | IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
