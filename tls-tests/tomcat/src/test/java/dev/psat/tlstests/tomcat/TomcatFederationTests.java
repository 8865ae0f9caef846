package dev.psat.tlstests.tomcat;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.FederatedInboundContract;
import dev.psat.tlstests.FederatedOutboundContract;
import dev.psat.tlstests.FederatedPeer;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contracts of federation on Tomcat, and with the clients of a blocking application.
 */
class TomcatFederationTests {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		partners = new Partners(world);
		application = run(world);
	}

	private static TlsApplication run(TlsWorld world) {
		return TlsApplication.run(world, TomcatApplication.class,
				Partners.properties(false, true, "server.port=0", "server.ssl.bundle=spire"));
	}

	/**
	 * Its authority vouches for whatever either trust domain signs.
	 */
	@Test
	void trustDomainsUnderOneUpstreamAuthorityAreNotEachOther() throws Exception {
		try (TlsWorld shared = new TlsWorld(SimulatedSpireServerBuilder::upstreamAuthority);
				Partners below = new Partners(shared, (partner) -> partner.upstreamAuthorityOf(shared.server()));
				TlsApplication application = run(shared)) {
			Knock knock = Knock.http(application.port("server"), "/greeting");
			Call client = Call.of(ClientHttpRequestFactoryBuilder.jdk(), application.bundle());
			for (FederatedPeer peer : new FederatedPeer[] { FederatedPeer.LISTED, FederatedPeer.OWN, FederatedPeer.OURS,
					FederatedPeer.OURS_BELOW_IMPOSTOR, FederatedPeer.PARTNERS_BY_US }) {
				boolean itself = peer == FederatedPeer.LISTED || peer == FederatedPeer.OWN;
				Credential credential = below.credential(peer);
				Reception reception = new JavaCaller().call(knock, TlsVersion.TLS_1_3, credential);
				assertThat(reception.answered()).as("%s: %s", peer, reception.output()).isEqualTo(itself);
				try (HttpPeer server = new HttpPeer(credential, TlsVersion.TLS_1_3)) {
					String answer = OutboundContract.answer(client, server.uri());
					assertThat(answer).as("%s", peer)
						.contains(itself ? "hello" : "an intermediate belongs to the trust domain");
				}
			}
		}
	}

	@Nested
	class Server extends FederatedInboundContract {

		Server() {
			super(application, partners, false, Knock.http(application.port("server"), "/greeting"),
					Knock.http(Ports.additional(application), "/greeting"));
		}

	}

	@Nested
	class JdkClient extends FederatedOutboundContract {

		JdkClient() {
			super(application, partners, true, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.jdk(), bundle));
		}

		@Override
		protected boolean endsConnections() {
			return false;
		}

	}

	@Matrix
	@Nested
	class SimpleClient extends FederatedOutboundContract {

		SimpleClient() {
			super(application, partners, true, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.simple(), bundle));
		}

	}

	@Matrix
	@Nested
	class HttpComponentsClient extends FederatedOutboundContract {

		HttpComponentsClient() {
			super(application, partners, true, (bundle) -> Call
				.of(ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare), bundle));
		}

	}

}
