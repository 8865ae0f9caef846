package dev.psat.tlstests.tomcat;

import dev.psat.spire.tomcat.TomcatBundleAutoConfiguration;
import dev.psat.tlstests.ServedIdentityContract;
import org.junit.jupiter.api.Test;

/**
 * The contract on Tomcat.
 */
class TomcatIdentityBundleTests extends ServedIdentityContract {

	@Override
	protected Class<?> application() {
		return TomcatApplication.class;
	}

	@Override
	protected Class<?> autoConfiguration() {
		return TomcatBundleAutoConfiguration.class;
	}

	/**
	 * Tomcat finds no key in the stores, and so does not get as far as ours.
	 */
	@Override
	protected String refusalWithoutAutoConfiguration() {
		return "No aliases for private keys found in key store";
	}

	@Test
	void serverOfOneHostDoesNotStart() {
		assertThatStartIsRefused("The web server", "spire-web", "server.ssl.bundle=spire",
				"server.ssl.server-name-bundles[0].server-name=orders.example",
				"server.ssl.server-name-bundles[0].bundle=spire-web");
	}

}
