package dev.psat.tlstests.reactornetty;

import dev.psat.spire.reactor.ReactorNettyBundleAutoConfiguration;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ServedIdentityContract;
import org.junit.jupiter.api.Test;

/**
 * The contract on Reactor Netty.
 */
@Matrix
class ReactorNettyIdentityBundleTests extends ServedIdentityContract {

	@Override
	protected Class<?> application() {
		return ReactorNettyApplication.class;
	}

	@Override
	protected Class<?> autoConfiguration() {
		return ReactorNettyBundleAutoConfiguration.class;
	}

	@Test
	void serverOfOneHostDoesNotStart() {
		assertThatStartIsRefused("The web server", "spire-web", "server.ssl.bundle=spire",
				"server.ssl.server-name-bundles[0].server-name=orders.example",
				"server.ssl.server-name-bundles[0].bundle=spire-web");
	}

}
