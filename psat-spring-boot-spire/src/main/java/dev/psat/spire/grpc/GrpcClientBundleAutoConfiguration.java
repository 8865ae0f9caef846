package dev.psat.spire.grpc;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import io.grpc.TlsChannelCredentials;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ChannelCredentialsProvider;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the gRPC channels that use the
 * SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ TlsChannelCredentials.class, ChannelCredentialsProvider.class, GrpcClientProperties.class })
public final class GrpcClientBundleAutoConfiguration {

	@Bean
	static GrpcChannelCredentialsPostProcessor spireGrpcChannelCredentialsPostProcessor(
			ObjectProvider<SslBundles> bundles, ObjectProvider<GrpcClientProperties> properties,
			Environment environment) {
		return new GrpcChannelCredentialsPostProcessor(bundles, properties, environment);
	}

}
