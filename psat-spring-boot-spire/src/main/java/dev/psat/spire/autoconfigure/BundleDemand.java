package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Determines from the properties whether a server that has not been created yet will
 * serve the SSL bundle. Public only for the auto-configuration of servers.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BundleDemand {

	/**
	 * Return the server that will serve the bundle. Called when the start may have to
	 * wait.
	 * @return the name of the server, such as {@code the gRPC server}, or {@code null} if
	 * there is none
	 */
	@Nullable String server();

}
