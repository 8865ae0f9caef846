package dev.psat.spire.reactor;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.reactor.RSocketBundleAutoConfiguration.RSocketBundleRule;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link RSocketBundleAutoConfiguration}. Where there is an RSocket server, see
 * the tests of Reactor Netty.
 */
class RSocketBundleRuleTests {

	@ParameterizedTest
	@ValueSource(strings = { "spring.rsocket.server.ssl.bundle=spire",
			"spring.rsocket.server.ssl.bundle=shop;spring.rsocket.server.ssl.server-name-bundles[0].server-name=orders.example;spring.rsocket.server.ssl.server-name-bundles[0].bundle=spire" })
	void stopsTheStartWhereRSocketServerWouldServeTheBundle(String properties) {
		RSocketBundleRule rule = rule(("spring.rsocket.server.port=0;" + properties).split(";"));
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(rule::afterSingletonsInstantiated)
			.satisfies((ex) -> {
				assertThat(ex).hasMessageStartingWith(
						"The properties 'spring.rsocket.server.ssl' name an SSL bundle of the SPIRE identity.");
				assertThat(ex.action()).startsWith("Name another SSL bundle.");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rsocket.server.ssl.bundle=identity",
			"spring.rsocket.server.ssl.bundle=shop;spring.rsocket.server.ssl.server-name-bundles[0].server-name=orders.example;spring.rsocket.server.ssl.server-name-bundles[0].bundle=identity" })
	void stopsTheStartWhereRSocketServerHasIdentityBundle(String properties) {
		RSocketBundleRule rule = rule(("spring.rsocket.server.port=0;" + properties).split(";"));
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(rule::afterSingletonsInstantiated)
			.withMessageStartingWith(
					"The RSocket server is configured with the SSL bundle 'identity', which is for clients alone");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rsocket.server.ssl.bundle=spire", "spring.rsocket.server.port=0",
			"spring.rsocket.server.ssl.bundle=identity",
			"spring.rsocket.server.port=0;spring.rsocket.server.ssl.bundle=identity;spring.rsocket.server.ssl.enabled=false",
			"spring.rsocket.server.port=0;spring.rsocket.server.ssl.bundle=shop",
			"spring.rsocket.server.port=0;spring.rsocket.server.ssl.bundle=spire;spring.rsocket.server.ssl.enabled=false" })
	void letsOtherServersStart(String properties) {
		RSocketBundleRule rule = rule(properties.split(";"));
		assertThatNoException().isThrownBy(rule::afterSingletonsInstantiated);
	}

	@Test
	void backsOffWithoutRSocket() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RSocketBundleAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.rsocket"))
			.withUserConfiguration(Bundle.class)
			.withPropertyValues("spring.rsocket.server.port=0", "spring.rsocket.server.ssl.bundle=spire")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("spireRSocketBundleRule"));
	}

	private static RSocketBundleRule rule(String... properties) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		TestPropertyValues.of(properties).applyTo(environment);
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("spire",
				SpiffeSslBundle.of(new TestIdentity()));
		bundles.registerBundle("shop", SslBundle.of(SslStoreBundle.NONE));
		bundles.registerBundle("identity", IdentitySslBundle.of(new TestIdentity()));
		return new RSocketBundleRule(environment, bundles);
	}

	@Configuration(proxyBeanMethods = false)
	static class Bundle {

		@Bean
		SpiffeSslBundle bundle() {
			return SpiffeSslBundle.of(new TestIdentity());
		}

	}

}
