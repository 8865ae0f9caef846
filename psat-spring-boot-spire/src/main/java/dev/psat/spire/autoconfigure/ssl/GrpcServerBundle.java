package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;

/**
 * Tells whether a gRPC server has an SSL bundle of ours.
 */
final class GrpcServerBundle {

	private GrpcServerBundle() {
	}

	static boolean isIn(GrpcServerProperties.Ssl ssl, SslBundles bundles) {
		return !Boolean.FALSE.equals(ssl.getEnabled()) && SpiffeBundles.find(bundles, ssl.getBundle()) != null;
	}

}
