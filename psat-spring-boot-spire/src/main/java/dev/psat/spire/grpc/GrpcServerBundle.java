package dev.psat.spire.grpc;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.ssl.internal.ServedBundleRule;
import dev.psat.spire.autoconfigure.ssl.internal.SvidBundles;

import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;

/**
 * Determines whether a gRPC server uses the SSL bundle of the SPIRE identity.
 */
final class GrpcServerBundle {

	private GrpcServerBundle() {
	}

	/**
	 * Return whether the server uses a bundle that authorizes clients.
	 * @param ssl the SSL properties of the server
	 * @param bundles all bundles
	 * @return whether it does
	 */
	static boolean isIn(GrpcServerProperties.Ssl ssl, SslBundles bundles) {
		return isEnabled(ssl) && SvidBundles.findSpiffe(bundles, ssl.getBundle()) != null;
	}

	/**
	 * Check that the server does not use a bundle that is for clients alone.
	 * @param ssl the SSL properties of the server
	 * @param bundles all bundles
	 * @param server the name of the server
	 * @throws PsatStartupException if it does
	 */
	static void check(GrpcServerProperties.Ssl ssl, SslBundles bundles, String server) {
		if (isEnabled(ssl)) {
			ServedBundleRule.check(ssl.getBundle(), bundles, server);
		}
	}

	private static boolean isEnabled(GrpcServerProperties.Ssl ssl) {
		return !Boolean.FALSE.equals(ssl.getEnabled());
	}

}
