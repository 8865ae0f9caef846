package dev.psat.spire.redis;

import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.data.internal.Bundles;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static dev.psat.spire.autoconfigure.data.internal.FailedStart.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link LettuceCheck}.
 */
class LettuceCheckTests {

	private static final SslBundle SPIRE = SpiffeSslBundle.of(new TestIdentity());

	private static final String ANYBODY = "The bean '%s' has an SSL bundle of the SPIRE identity, but its connections would not be safe: It does not verify peers, so it connects to anybody.";

	private static final String CUSTOMIZED = ANYBODY.replace("bean '%s'",
			"configuration 'spring.data.redis', with what customizes it,");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LettuceBundleAutoConfiguration.class))
		.withUserConfiguration(Bundles.class);

	private final ApplicationContextRunner boot = this.runner
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "spire", "spire-web" })
	void letsTheApplicationStart(String bundle) {
		this.boot.withPropertyValues("spring.data.redis.ssl.bundle=" + bundle)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(LettuceConnectionFactory.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.data.redis.ssl.bundle=spire", "spring.data.redis.ssl.bundle=spire-web",
			"spring.data.redis.ssl.bundle=spire;spring.data.redis.cluster.nodes=127.0.0.1:1",
			"spring.data.redis.ssl.bundle=spire;spring.data.redis.sentinel.master=a;spring.data.redis.sentinel.nodes=127.0.0.1:1",
			"spring.data.redis.ssl.bundle=spire;spring.threads.virtual.enabled=true" })
	void stopsTheStartWherePeersAreNotVerified(String properties) {
		customized((builder) -> builder.useSsl().disablePeerVerification()).withPropertyValues(properties.split(";"))
			.run((context) -> {
				assertThat(failure(context.getStartupFailure())).hasMessage(CUSTOMIZED)
					.satisfies((failure) -> assertThat(failure.action()).isEqualTo(
							"Let the builder of its LettuceClientConfiguration use SSL with the verification of peers that is the default. Or give it another SSL bundle."));
			});
	}

	@Test
	void stopsTheStartWhereTheUriDoesNotVerifyPeers() {
		RedisURI uri = RedisURI.builder()
			.withHost("localhost")
			.withSsl(true)
			.withVerifyPeer(SslVerifyMode.NONE)
			.build();
		customized((builder) -> builder.apply(uri)).withPropertyValues("spring.data.redis.ssl.bundle=spire")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(CUSTOMIZED));
	}

	@Test
	void stopsTheStartWhereTheUriSwitchesTlsOff() {
		customized((builder) -> builder.apply(RedisURI.create("redis://localhost")))
			.withPropertyValues("spring.data.redis.ssl.bundle=spire")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageEndingWith("It does not use TLS."));
	}

	@Test
	void stopsTheStartWhereTheFirstCommandIsInTheClear() {
		customized((builder) -> builder.useSsl().startTls()).withPropertyValues("spring.data.redis.ssl.bundle=spire")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageEndingWith("With StartTLS, it sends the first command without TLS."));
	}

	@Test
	void acceptsPeersThatAreVerifiedWithoutHostName() {
		customized((builder) -> builder.useSsl().verifyPeer(SslVerifyMode.CA))
			.withPropertyValues("spring.data.redis.ssl.bundle=spire")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.data.redis.ssl.bundle=classic", "spring.data.redis.ssl.enabled=true",
			"spring.data.redis.host=localhost" })
	void leavesOtherBundlesAlone(String property) {
		customized((builder) -> builder.useSsl().disablePeerVerification()).withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@MethodSource
	void stopsTheStartWithConnectionFactoryOfTheApplication(LettuceConnectionFactory factory) {
		this.runner.withBean("redis", LettuceConnectionFactory.class, () -> factory)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(ANYBODY, "redis"));
	}

	@SuppressWarnings("removal")
	static Stream<LettuceConnectionFactory> stopsTheStartWithConnectionFactoryOfTheApplication() {
		LettuceConnectionFactory eager = factory(unverified(SPIRE));
		eager.setEagerInitialization(true);
		SslBundle separate = SpiffeSslBundle.of(new TestIdentity()).authorizing((peer) -> true);
		return Stream.of(factory(unverified(SPIRE)), factory(unverified(separate)), eager);
	}

	@Test
	void connectionFactoryOfTheApplicationMayVerifyPeers() {
		this.runner
			.withBean(LettuceConnectionFactory.class,
					() -> factory(LettuceClientConfiguration.builder().clientOptions(options(SPIRE)).useSsl().build()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void checksChildContexts() {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Parent.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off")
			.child(Child.class)
			.web(WebApplicationType.NONE);
		assertThatException().isThrownBy(builder::run)
			.satisfies((ex) -> assertThat(failure(ex)).hasMessage(ANYBODY, "redis"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.lettuce", "org.springframework.data.redis" })
	void backsOffWithoutTheClient(String away) {
		this.runner.withClassLoader(new FilteredClassLoader(away))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("spireLettuceCheck"));
	}

	private ApplicationContextRunner customized(Consumer<LettuceClientConfigurationBuilder> customizer) {
		return this.boot.withBean(LettuceClientConfigurationBuilderCustomizer.class, () -> customizer::accept);
	}

	private static LettuceConnectionFactory factory(LettuceClientConfiguration configuration) {
		return new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", 1), configuration);
	}

	private static LettuceClientConfiguration unverified(SslBundle bundle) {
		return LettuceClientConfiguration.builder()
			.clientOptions(options(bundle))
			.useSsl()
			.disablePeerVerification()
			.build();
	}

	private static ClientOptions options(SslBundle bundle) {
		return ClientOptions.builder()
			.sslOptions(SslOptions.builder()
				.keyManager(bundle.getManagers().getKeyManagerFactory())
				.trustManager(bundle.getManagers().getTrustManagerFactory())
				.build())
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(LettuceBundleAutoConfiguration.class)
	static class Parent {

	}

	@Configuration(proxyBeanMethods = false)
	static class Child {

		@Bean
		LettuceConnectionFactory redis() {
			return factory(unverified(SPIRE));
		}

	}

}
