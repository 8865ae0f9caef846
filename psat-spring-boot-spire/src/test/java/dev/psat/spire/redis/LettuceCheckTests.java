package dev.psat.spire.redis;

import java.util.function.Consumer;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.internal.Bundles;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static dev.psat.spire.autoconfigure.internal.FailedStart.failure;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LettuceBundleAutoConfiguration.LettuceCheck}.
 */
class LettuceCheckTests {

	private static final String CUSTOMIZED = "The configuration 'spring.data.redis', with what customizes it, has an SSL bundle of the SPIRE identity, but its connections would not be safe: It does not verify peers, so it connects to anybody.";

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

	@Test
	void connectionDetailsOfTheApplicationMayHaveTheBundle() {
		customized((builder) -> builder.useSsl().disablePeerVerification())
			.withBean(DataRedisConnectionDetails.class, Details::new)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(CUSTOMIZED));
		this.boot.withBean(DataRedisConnectionDetails.class, Details::new)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * Nothing tells which bundle it has.
	 */
	@Test
	void leavesConnectionFactoryOfTheApplicationAlone() {
		this.boot
			.withBean(LettuceConnectionFactory.class,
					() -> new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", 1)))
			.withPropertyValues("spring.data.redis.ssl.bundle=spire")
			.run((context) -> assertThat(context).hasNotFailed());
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

	private static final class Details implements DataRedisConnectionDetails {

		@Override
		public SslBundle getSslBundle() {
			return SpiffeSslBundle.of(new TestIdentity());
		}

		@Override
		public Standalone getStandalone() {
			return Standalone.of("127.0.0.1", 1);
		}

	}

}
