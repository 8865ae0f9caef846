package dev.psat.spire.grpc;

import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.TlsServerCredentials.ClientAuth;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/**
 * Makes a gRPC server with the SSL bundle require a certificate unless the application
 * configures otherwise: then the server gets a bundle that may be served to clients
 * without one. Spring Boot only reads both from its properties.
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
		if (bean instanceof GrpcServerProperties properties) {
			prepare(properties.getSsl());
		}
		return bean;
	}

	private void prepare(GrpcServerProperties.Ssl ssl) {
		if (ssl.getBundle() == null || ssl.getClientAuth() == ClientAuth.REQUIRE) {
			return;
		}
		SslBundles bundles = this.bundles.getObject();
		SpiffeSslBundle bundle = GrpcServerBundleCustomizer.bundle(ssl, bundles);
		if (bundle == null) {
			return;
		}
		if (ssl.getClientAuth() == ClientAuth.NONE && !isConfigured()) {
			ssl.setClientAuth(ClientAuth.REQUIRE);
		}
		else if (bundles instanceof SslBundleRegistry registry) {
			String variant = ssl.getBundle() + "-without-certificate";
			if (!bundles.getBundleNames().contains(variant)) {
				registry.registerBundle(variant, bundle.withOptionalCertificates());
			}
			ssl.setBundle(variant);
		}
	}

	private boolean isConfigured() {
		return Binder.get(this.environment).bind(PROPERTY, ClientAuth.class).isBound();
	}

}
