package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Tells by the properties whether a server that is not made yet will serve the SSL
 * bundle. Public only for the configuration of servers.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BundleDemand {

	/**
	 * Return the server that will. Asked when the start may have to wait.
	 * @return what to call it, such as {@code the gRPC server}, or {@code null} if there
	 * is none
	 */
	@Nullable String server();

}
