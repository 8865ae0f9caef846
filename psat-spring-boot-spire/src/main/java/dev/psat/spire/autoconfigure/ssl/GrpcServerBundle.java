package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;

/**
 * Determines whether a gRPC server uses the SSL bundle of the SPIRE identity.
 */
final class GrpcServerBundle {

	private GrpcServerBundle() {
	}

	static boolean isIn(GrpcServerProperties.Ssl ssl, SslBundles bundles) {
		return !Boolean.FALSE.equals(ssl.getEnabled()) && SpiffeBundles.find(bundles, ssl.getBundle()) != null;
	}

}
