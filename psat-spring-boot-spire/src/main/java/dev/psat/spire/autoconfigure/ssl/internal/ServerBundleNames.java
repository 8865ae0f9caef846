package dev.psat.spire.autoconfigure.ssl.internal;

import java.util.stream.Stream;

import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;

public final class ServerBundleNames {

	private ServerBundleNames() {
	}

	/**
	 * The bundle for all hosts, and those for one host each.
	 */
	public static Stream<String> in(Ssl ssl) {
		return Stream.concat(Stream.ofNullable(ssl.getBundle()),
				ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle));
	}

}
