package dev.psat.spire.grpc;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerFactoryCustomizer;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GrpcServerFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a gRPC server that serves the
 * SSL bundle. On a servlet container, the container takes care of it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class,
		afterName = "org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration")
@ConditionalOnClass({ TlsServerCredentials.class, GrpcServerFactory.class, GrpcServerFactoryCustomizer.class,
		GrpcServerProperties.class })
public final class GrpcServerBundleAutoConfiguration {

	@Bean
	static GrpcServerBundleCustomizer.GrpcServerClientAuth spireGrpcServerClientAuth(Environment environment,
			ObjectProvider<SslBundles> bundles) {
		return new GrpcServerBundleCustomizer.GrpcServerClientAuth(environment, bundles);
	}

	@Bean
	@ConditionalOnBean(GrpcServerProperties.class)
	GrpcServerBundleCustomizer spireGrpcServerBundleCustomizer(GrpcServerProperties properties, SslBundles bundles,
			ObjectProvider<SpireWiring> wiring) {
		return new GrpcServerBundleCustomizer(properties, bundles, wiring);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyServerBuilder.class)
	static final class OnGrpcNetty {

		@Bean
		@ConditionalOnBean(GrpcServerProperties.class)
		GrpcServerConnections.Customizer spireGrpcServerConnectionsCustomizer(GrpcServerProperties properties,
				SslBundles bundles) {
			return new GrpcServerConnections.Customizer(properties, bundles);
		}

	}

}
