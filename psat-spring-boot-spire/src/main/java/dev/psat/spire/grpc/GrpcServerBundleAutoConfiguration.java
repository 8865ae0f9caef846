package dev.psat.spire.grpc;

import dev.psat.spire.autoconfigure.BundleServers;
import dev.psat.spire.autoconfigure.BundleUse;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.UnknownSpringBoot;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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
@ConditionalOnClass({ TlsServerCredentials.class, GrpcServerFactory.class })
public final class GrpcServerBundleAutoConfiguration {

	/**
	 * Create the rule for a Spring Boot that lacks what is needed here.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "spireGrpcServerClientAuth")
	static UnknownSpringBoot spireUnknownGrpcServer() {
		return new UnknownSpringBoot(BundleUse.GRPC_SERVER);
	}

	/**
	 * For the server that Spring Boot creates.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ GrpcServerFactoryCustomizer.class, GrpcServerProperties.class })
	static final class OnKnownSpringBoot {

		@Bean
		static GrpcServerClientAuth spireGrpcServerClientAuth(Environment environment,
				ObjectProvider<SslBundles> bundles) {
			return new GrpcServerClientAuth(environment, bundles);
		}

		@Bean
		@ConditionalOnBean(GrpcServerProperties.class)
		GrpcServerBundleCustomizer spireGrpcServerBundleCustomizer(GrpcServerProperties properties, SslBundles bundles,
				ObjectProvider<BundleServers> servers) {
			return new GrpcServerBundleCustomizer(properties, bundles, servers);
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(NettyServerBuilder.class)
		static final class OnGrpcNetty {

			@Bean
			@ConditionalOnBean(GrpcServerProperties.class)
			GrpcServerConnectionsCustomizer spireGrpcServerConnectionsCustomizer(GrpcServerProperties properties,
					SslBundles bundles) {
				return new GrpcServerConnectionsCustomizer(properties, bundles);
			}

		}

	}

}
