package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a host.
 */
@FunctionalInterface
interface HostResolver {

	/**
	 * The JDK's resolver, which caches a name for at most 30 seconds unless the security
	 * property {@code networkaddress.cache.ttl} says otherwise.
	 */
	HostResolver SYSTEM = (host) -> List.of(InetAddress.getAllByName(host));

	/**
	 * Resolve a host.
	 * @param host a name or an address literal
	 * @return the addresses, in the order in which they are tried until one fails
	 * @throws UnknownHostException if there are none
	 */
	List<InetAddress> resolve(String host) throws UnknownHostException;

}
