package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

@FunctionalInterface
interface HostResolver {

	/**
	 * The JDK's resolver, which caches a name for at most 30 seconds unless the security
	 * property {@code networkaddress.cache.ttl} says otherwise.
	 */
	HostResolver SYSTEM = (host) -> List.of(InetAddress.getAllByName(host));

	List<InetAddress> resolve(String host) throws UnknownHostException;

}
