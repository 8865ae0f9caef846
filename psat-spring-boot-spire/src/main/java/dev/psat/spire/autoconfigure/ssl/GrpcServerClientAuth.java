package dev.psat.spire.autoconfigure.ssl;

import io.grpc.TlsServerCredentials.ClientAuth;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/**
 * {@link BeanPostProcessor} that makes a gRPC server with the SSL bundle require a
 * certificate unless the application configures otherwise. Spring Boot only reads that
 * from its properties.
 */
final class GrpcServerClientAuth implements BeanPostProcessor {

	private static final String PROPERTY = "spring.grpc.server.ssl.client-auth";

	private final Environment environment;

	private final ObjectProvider<SslBundles> bundles;

	GrpcServerClientAuth(Environment environment, ObjectProvider<SslBundles> bundles) {
		this.environment = environment;
		this.bundles = bundles;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof GrpcServerProperties properties && isAbsent(properties.getSsl())
				&& GrpcServerBundle.isIn(properties.getSsl(), this.bundles.getObject())) {
			properties.getSsl().setClientAuth(ClientAuth.REQUIRE);
		}
		return bean;
	}

	private boolean isAbsent(GrpcServerProperties.Ssl ssl) {
		return ssl.getBundle() != null && ssl.getClientAuth() == ClientAuth.NONE
				&& !Binder.get(this.environment).bind(PROPERTY, ClientAuth.class).isBound();
	}

}
