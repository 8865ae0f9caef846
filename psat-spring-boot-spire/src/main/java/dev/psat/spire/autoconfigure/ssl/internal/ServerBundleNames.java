package dev.psat.spire.autoconfigure.ssl.internal;

import java.util.stream.Stream;

import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;

public final class ServerBundleNames {

	private ServerBundleNames() {
	}

	public static Stream<String> in(Ssl ssl) {
		return Stream.concat(Stream.ofNullable(ssl.getBundle()),
				ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle));
	}

}
