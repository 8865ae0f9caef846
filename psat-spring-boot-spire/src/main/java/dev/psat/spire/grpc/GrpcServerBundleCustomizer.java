package dev.psat.spire.grpc;

import java.util.Set;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.ClientAuthRule;
import dev.psat.spire.autoconfigure.internal.ServedBundles;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.SvidBundles;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerFactoryCustomizer;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Netty;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Netty.Transport;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.InProcessGrpcServerFactory;
import org.springframework.grpc.server.NettyGrpcServerFactory;
import org.springframework.util.StringUtils;

/**
 * Fails the start if a gRPC server would not ask the managers of the bundle for every
 * connection: Spring Boot makes TLS of them, and nothing can replace that.
 */
final class GrpcServerBundleCustomizer implements GrpcServerFactoryCustomizer {

	private static final String SERVER = "the gRPC server";

	private static final String OTHER_BUNDLE = " Or use another SSL bundle for the gRPC server.";

	private final GrpcServerProperties properties;

	private final SslBundles bundles;

	private final ObjectProvider<SpireWiring> wiring;

	GrpcServerBundleCustomizer(GrpcServerProperties properties, SslBundles bundles,
			ObjectProvider<SpireWiring> wiring) {
		this.properties = properties;
		this.bundles = bundles;
		this.wiring = wiring;
	}

	@Override
	public void customize(GrpcServerFactory factory) {
		GrpcServerProperties.Ssl ssl = this.properties.getSsl();
		if (factory instanceof InProcessGrpcServerFactory || !isEnabled(ssl)) {
			return;
		}
		ServedBundles.check(ssl.getBundle(), this.bundles, SERVER);
		SpiffeSslBundle bundle = SvidBundles.findSpiffe(this.bundles, ssl.getBundle());
		if (bundle == null) {
			return;
		}
		checkSecure(ssl);
		checkOptions(bundle.tlsOptions());
		checkTransport(factory);
		checkProvider(OpenSsl.isAvailable());
		if (ssl.getClientAuth() == ClientAuth.REQUIRE) {
			this.wiring.ifAvailable((wiring) -> wiring.servers().add(SERVER, bundle));
		}
		else {
			ClientAuthRule.warn(ssl.getClientAuth().name(), SERVER);
			this.wiring.ifAvailable((wiring) -> wiring.servers().add(SERVER));
		}
	}

	static @Nullable SpiffeSslBundle bundle(GrpcServerProperties.Ssl ssl, SslBundles bundles) {
		return isEnabled(ssl) ? SvidBundles.findSpiffe(bundles, ssl.getBundle()) : null;
	}

	private static boolean isEnabled(GrpcServerProperties.Ssl ssl) {
		return !Boolean.FALSE.equals(ssl.getEnabled());
	}

	private static void checkSecure(GrpcServerProperties.Ssl ssl) {
		if (!ssl.isSecure()) {
			throw refusal("trusts any certificate, since 'spring.grpc.server.ssl.secure' is false",
					"Remove that property.");
		}
	}

	/** The bundle can only refuse what gRPC negotiates beyond its limits. */
	private static void checkOptions(SslOptions options) {
		Set<String> protocols = SslOptions.asSet(options.getEnabledProtocols());
		if (options.getCiphers() != null || (protocols != null && !protocols.contains("TLSv1.3"))) {
			throw refusal("would negotiate TLS 1.3 and any cipher suite, which the bundle would then refuse",
					"Remove 'spire.bundle.options.ciphers', and let 'spire.bundle.options.enabled-protocols' contain 'TLSv1.3'.");
		}
	}

	private void checkTransport(GrpcServerFactory factory) {
		if (!(factory instanceof NettyGrpcServerFactory)) {
			throw refusal("is created by %s, which may resume sessions of clients that are no longer authorized"
				.formatted(factory.getClass().getSimpleName()), "Replace 'grpc-netty-shaded' with 'grpc-netty'.");
		}
		if (isDomainSocket(this.properties.getNetty())) {
			throw refusal("listens on a domain socket, where Spring Boot does not use TLS",
					"Let it listen on a port, or remove 'spring.grpc.server.ssl.bundle'.");
		}
	}

	private static boolean isDomainSocket(Netty netty) {
		return netty.getTransport() == Transport.DOMAIN_SOCKET
				|| (netty.getTransport() == null && netty.getDomainSocketPath() != null);
	}

	static void checkProvider(boolean openSsl) {
		if (openSsl) {
			throw refusal("uses OpenSSL instead of the JDK, which may resume sessions of clients that are no longer "
					+ "authorized", "Remove 'netty-tcnative' from the class path.");
		}
	}

	private static PsatStartupException refusal(String problem, String action) {
		return new PsatStartupException("%s uses the SSL bundle of the SPIRE identity and %s."
			.formatted(StringUtils.capitalize(SERVER), problem), action + OTHER_BUNDLE);
	}

	/**
	 * Unless the application says otherwise, the server requires a certificate; if it
	 * does, it gets a bundle for that. Spring Boot only reads both from its properties.
	 */
	static final class GrpcServerClientAuth implements BeanPostProcessor {

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

}
