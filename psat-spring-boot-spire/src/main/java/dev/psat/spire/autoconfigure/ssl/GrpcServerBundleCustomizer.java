package dev.psat.spire.autoconfigure.ssl;

import io.grpc.TlsServerCredentials.ClientAuth;
import io.netty.handler.ssl.OpenSsl;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerFactoryCustomizer;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Netty;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Netty.Transport;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.InProcessGrpcServerFactory;
import org.springframework.grpc.server.NettyGrpcServerFactory;
import org.springframework.util.StringUtils;

import dev.psat.spire.autoconfigure.BundleServers;

/**
 * Stops the start where a gRPC server with the SSL bundle would not ask our managers who
 * may call, or not each time. Spring Boot makes its TLS of those managers, and nothing
 * else can be put in their place.
 */
final class GrpcServerBundleCustomizer implements GrpcServerFactoryCustomizer {

	private static final String SERVER = "the gRPC server";

	private static final String OTHER_BUNDLE = " Or let the gRPC server have another SSL bundle.";

	private final GrpcServerProperties properties;

	private final SslBundles bundles;

	private final ObjectProvider<BundleServers> servers;

	GrpcServerBundleCustomizer(GrpcServerProperties properties, SslBundles bundles,
			ObjectProvider<BundleServers> servers) {
		this.properties = properties;
		this.bundles = bundles;
		this.servers = servers;
	}

	@Override
	public void customize(GrpcServerFactory factory) {
		GrpcServerProperties.Ssl ssl = this.properties.getSsl();
		if (factory instanceof InProcessGrpcServerFactory || !GrpcServerBundle.isIn(ssl, this.bundles)) {
			return;
		}
		checkSecure(ssl);
		checkTransport(factory);
		checkProvider(OpenSsl.isAvailable());
		if (ssl.getClientAuth() != ClientAuth.REQUIRE) {
			OptionalCertificates.warn(ssl.getClientAuth(), SERVER);
		}
		this.servers.ifAvailable((servers) -> servers.add(SERVER));
	}

	private static void checkSecure(GrpcServerProperties.Ssl ssl) {
		if (!ssl.isSecure()) {
			throw refusal("trusts any certificate, since 'spring.grpc.server.ssl.secure' is false",
					"Remove that property.");
		}
	}

	private void checkTransport(GrpcServerFactory factory) {
		if (!(factory instanceof NettyGrpcServerFactory)) {
			throw refusal("is made by %s, which may resume sessions of clients that are no longer authorized"
				.formatted(factory.getClass().getSimpleName()), "Replace 'grpc-netty-shaded' by 'grpc-netty'.");
		}
		if (isDomainSocket(this.properties.getNetty())) {
			throw refusal("listens on a domain socket, where Spring Boot does without TLS",
					"Let it listen on a port, or remove 'spring.grpc.server.ssl.bundle'.");
		}
	}

	private static boolean isDomainSocket(Netty netty) {
		return netty.getTransport() == Transport.DOMAIN_SOCKET
				|| (netty.getTransport() == null && netty.getDomainSocketPath() != null);
	}

	static void checkProvider(boolean openSsl) {
		if (openSsl) {
			throw refusal("uses OpenSSL in place of the JDK, which may resume sessions of clients that are no longer "
					+ "authorized", "Remove 'netty-tcnative' from the class path.");
		}
	}

	private static UnservableBundleException refusal(String problem, String action) {
		return new UnservableBundleException("%s has the SSL bundle of the SPIRE identity and %s."
			.formatted(StringUtils.capitalize(SERVER), problem), action + OTHER_BUNDLE);
	}

}
