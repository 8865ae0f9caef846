package dev.psat.tlstests.reactornetty;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.FederatedInboundContract;
import dev.psat.tlstests.FederatedOutboundContract;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The contracts of federation on Reactor Netty, and with its client.
 */
@Matrix
class ReactorNettyFederationTests {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		partners = new Partners(world);
		application = TlsApplication.run(world, ReactorNettyApplication.class,
				Partners.properties(false, true, "server.port=0", "server.ssl.bundle=spire",
						"server.http2.enabled=true", "management.server.port=0", "management.server.ssl.bundle=policed",
						ReactorNettyApplication.QUICK_SHUTDOWN));
	}

	@Nested
	class Server extends FederatedInboundContract {

		Server() {
			super(application, partners, false, ReactorNettyApplication.http2Server(application),
					ReactorNettyApplication.managementServer(application));
		}

	}

	@Nested
	class Client extends FederatedOutboundContract {

		Client() {
			super(application, partners, true, (bundle) -> Call.reactive(application, bundle));
		}

	}

}
