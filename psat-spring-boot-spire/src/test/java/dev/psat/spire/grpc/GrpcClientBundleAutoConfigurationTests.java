package dev.psat.spire.grpc;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.ChannelCredentialsProvider;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.client.NettyGrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrpcClientBundleAutoConfiguration}.
 */
class GrpcClientBundleAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SslAutoConfiguration.class, GrpcClientAutoConfiguration.class, GrpcClientBundleAutoConfiguration.class))
		.withPropertyValues("spire.psat.enabled=false", "spire.identity-bundles.identity.trust=jvm",
				"spring.ssl.bundle.pem.other.reload-on-update=false",
				"spring.grpc.client.channel.ours.ssl.bundle=spire", "spring.grpc.client.channel.other.ssl.bundle=other",
				"spring.grpc.client.channel.web.ssl.enabled=true");

	@Test
	void channelWithTheBundleIsMadeOfItsContext() {
		this.contextRunner.run((context) -> {
			assertThat(credentials(context, "ours")).hasSameClassAs(nettyCredentials(context));
			assertThat(context.getBean(NettyGrpcChannelFactory.class).createChannel("ours")).isNotNull();
		});
	}

	@Test
	void otherChannelsAreLeftAlone() {
		this.contextRunner.run((context) -> {
			assertThat(credentials(context, "other")).isInstanceOf(TlsChannelCredentials.class);
			assertThat(credentials(context, "web")).isInstanceOf(TlsChannelCredentials.class);
			assertThat(credentials(context, "unknown")).isInstanceOf(InsecureChannelCredentials.class);
		});
	}

	@Test
	void defaultChannelWithTheBundleStandsForUnknownOnes() {
		this.contextRunner.withPropertyValues("spring.grpc.client.channel.default.ssl.bundle=spire")
			.run((context) -> assertThat(credentials(context, "unknown")).hasSameClassAs(nettyCredentials(context)));
	}

	@Test
	void bundleWithPolicyThatTheApplicationRegistersIsTakenAlike() {
		this.contextRunner.withPropertyValues("spring.grpc.client.channel.policed.ssl.bundle=policed")
			.run((context) -> {
				SpiffeSslBundle bundle = context.getBean(SpiffeSslBundle.class);
				context.getBean(SslBundleRegistry.class).registerBundle("policed", bundle.authorizing((peer) -> false));
				assertThat(credentials(context, "policed")).hasSameClassAs(nettyCredentials(context));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "identity", "registered" })
	void channelWithIdentityBundleIsMadeOfItsContext(String bundle) {
		this.contextRunner.withPropertyValues("spring.grpc.client.channel.classic.ssl.bundle=" + bundle)
			.run((context) -> {
				context.getBean(SslBundleRegistry.class)
					.registerBundle("registered", IdentitySslBundle.of(new TestIdentity()));
				assertThat(credentials(context, "classic")).hasSameClassAs(nettyCredentials(context));
			});
	}

	@ParameterizedTest
	@CsvSource({ "ours, spire", "default, spire", "ours, identity", "default, identity" })
	void channelWithTheBundleThatTrustsAnyServerIsNotMade(String channel, String bundle) {
		this.contextRunner
			.withPropertyValues("spring.grpc.client.channel.%s.ssl.bundle=%s".formatted(channel, bundle),
					"spring.grpc.client.channel.%s.bypass-certificate-validation=true".formatted(channel))
			.run((context) -> {
				GrpcChannelFactory factory = context.getBean(NettyGrpcChannelFactory.class);
				String target = channel.equals("default") ? "anything" : channel;
				assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> factory.createChannel(target))
					.withMessage("The gRPC channel '%s' uses an SSL bundle of the SPIRE identity and trusts any server."
						.formatted(target));
			});
	}

	@ParameterizedTest
	@CsvSource({ "ours, spire", "unix:/no/such/socket, spire", "unix:/no/such/socket, identity" })
	void channelWithTheBundleToADomainSocketIsNotMade(String target, String bundle) {
		this.contextRunner
			.withPropertyValues("spring.grpc.client.channel.ours.target=unix:/no/such/socket",
					"spring.grpc.client.channel.default.ssl.bundle=" + bundle)
			.run((context) -> {
				GrpcChannelFactory factory = context.getBean(NettyGrpcChannelFactory.class);
				assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> factory.createChannel(target))
					.withMessageContaining("connects to a domain socket, where Spring Boot does not use TLS");
			});
	}

	@Test
	void otherChannelMayTrustAnyServer() {
		this.contextRunner.withPropertyValues("spring.grpc.client.channel.other.bypass-certificate-validation=true")
			.run((context) -> assertThat(credentials(context, "other")).isInstanceOf(TlsChannelCredentials.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire", "identity" })
	void channelWithTheBundleIsNotMadeWithoutNetty(String bundle) {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.grpc.netty"))
			.withPropertyValues("spring.grpc.client.channel.ours.ssl.bundle=" + bundle)
			.run((context) -> assertThatExceptionOfType(PsatStartupException.class)
				.isThrownBy(() -> credentials(context, "ours"))
				.withMessageContaining("is not a 'grpc-netty' channel"));
	}

	@Test
	void credentialsOfTheApplicationAreReplacedToo() {
		this.contextRunner.withUserConfiguration(OwnCredentials.class)
			.run((context) -> assertThat(credentials(context, "other")).hasSameClassAs(nettyCredentials(context)));
	}

	@Test
	void applicationWithoutGrpcClientHasNothingOfIt() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SslAutoConfiguration.class, GrpcClientBundleAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.grpc"))
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(SpiffeSslBundle.class)
				.doesNotHaveBean(GrpcChannelCredentialsPostProcessor.class));
	}

	private static ChannelCredentials credentials(AssertableApplicationContext context, String target) {
		return context.getBean(ChannelCredentialsProvider.class).getChannelCredentials(target);
	}

	private static ChannelCredentials nettyCredentials(AssertableApplicationContext context) {
		return GrpcNettyCredentials.of(context.getBean(SpiffeSslBundle.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCredentials {

		@Bean
		ChannelCredentialsProvider ownCredentials(SpiffeSslBundle bundle) {
			return (target) -> TlsChannelCredentials.newBuilder()
				.keyManager(bundle.getManagers().getKeyManagers())
				.trustManager(bundle.getManagers().getTrustManagers())
				.build();
		}

	}

}
