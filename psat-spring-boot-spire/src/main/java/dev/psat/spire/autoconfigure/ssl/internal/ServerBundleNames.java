package dev.psat.spire.autoconfigure.ssl.internal;

import java.util.stream.Stream;

import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;

/**
 * The SSL bundles that the properties of a server name.
 */
public final class ServerBundleNames {

	private ServerBundleNames() {
	}

	/**
	 * Return the names of the bundle for all hosts, and of those for one host each.
	 * @param ssl the SSL properties of the server
	 * @return the names
	 */
	public static Stream<String> in(Ssl ssl) {
		return Stream.concat(Stream.ofNullable(ssl.getBundle()),
				ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle));
	}

}
