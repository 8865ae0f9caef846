package dev.psat.spire.grpc;

import dev.psat.spire.autoconfigure.BundleUse;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.UnknownSpringBoot;
import io.grpc.TlsChannelCredentials;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ChannelCredentialsProvider;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the gRPC channels that use the
 * SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ TlsChannelCredentials.class, ChannelCredentialsProvider.class })
public final class GrpcClientBundleAutoConfiguration {

	/**
	 * Create the rule for a Spring Boot that lacks what is needed here.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "spireGrpcChannelCredentialsPostProcessor")
	static UnknownSpringBoot spireUnknownGrpcClient() {
		return new UnknownSpringBoot(BundleUse.GRPC_CLIENTS);
	}

	/**
	 * For the channels of Spring Boot's properties.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcClientProperties.class)
	static final class OnKnownSpringBoot {

		@Bean
		static GrpcChannelCredentialsPostProcessor spireGrpcChannelCredentialsPostProcessor(
				ObjectProvider<SslBundles> bundles, ObjectProvider<GrpcClientProperties> properties,
				Environment environment) {
			return new GrpcChannelCredentialsPostProcessor(bundles, properties, environment);
		}

	}

}
