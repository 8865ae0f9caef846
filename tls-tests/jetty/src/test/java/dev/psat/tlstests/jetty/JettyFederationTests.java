package dev.psat.tlstests.jetty;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.FederatedInboundContract;
import dev.psat.tlstests.FederatedOutboundContract;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The contracts of federation on Jetty, and with its client.
 */
@Matrix
class JettyFederationTests {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		partners = new Partners(world);
		application = TlsApplication.run(world, Application.class, Partners.properties(true, false, "server.port=0",
				"server.ssl.bundle=spire", "spring.http.clients.imperative.factory=jetty"));
	}

	@Nested
	class Server extends FederatedInboundContract {

		Server() {
			super(application, partners, true, Knock.http(application.port("server"), "/greeting"),
					Knock.http(Ports.additional(application), "/greeting"));
		}

	}

	@Nested
	class Client extends FederatedOutboundContract {

		Client() {
			super(application, partners, false, (bundle) -> Call.blocking(application, bundle));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ JettyApplication.class, PolicedConnector.class })
	static class Application {

	}

}
