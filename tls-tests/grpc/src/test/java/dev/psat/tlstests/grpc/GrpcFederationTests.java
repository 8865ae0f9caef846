package dev.psat.tlstests.grpc;

import dev.psat.support.Matrix;
import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.FederatedInboundContract;
import dev.psat.tlstests.FederatedOutboundContract;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.grpc.GrpcApplication.Started;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The contracts of federation on Spring Boot's gRPC server, and with its channels.
 */
@Matrix
class GrpcFederationTests {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		partners = new Partners(world);
		application = TlsApplication.run(world, GrpcApplication.class,
				Partners.properties(true, false, "spring.grpc.server.port=0", "spring.grpc.server.address=127.0.0.1",
						"spring.grpc.server.ssl.bundle=spire"));
	}

	@Nested
	class Server extends FederatedInboundContract {

		Server() {
			super(application, partners, true, Knock.http2(application.bean(Started.class).port()).withoutTickets(),
					Knock.http2(application.bean(PolicedServer.class).port()).withoutTickets());
		}

		@Override
		protected KeptClient client(Credential credential) {
			return new GrpcKeptClient(application.bean(Started.class).port(), credential, TlsVersion.TLS_1_3);
		}

	}

	@Nested
	class Client extends FederatedOutboundContract {

		Client() {
			super(application, partners, false, (bundle) -> new BootChannels(application, bundle));
		}

		@Override
		protected PeerServer serve(Credential credential, TlsVersion version, CertificateRequest request) {
			return new GrpcPeer(credential, version, request);
		}

	}

}
