package dev.psat.tlstests.grpc;

import java.io.UncheckedIOException;
import java.util.Objects;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.IdentityContract;
import dev.psat.tlstests.InboundContract;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.OpenSslCaller;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.grpc.GrpcApplication.Started;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The contracts on Spring Boot's gRPC server, and with its channels.
 */
class GrpcTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, GrpcApplication.class,
				world.withIdentityBundle("spring.grpc.server.port=0", "spring.grpc.server.address=127.0.0.1",
						"spring.grpc.server.ssl.bundle=spire"));
	}

	/**
	 * In a world of its own, since the others may have replaced the authority.
	 */
	@ParameterizedTest
	@CsvSource({ "none, 9", "optional, 3" })
	void explicitClientAuthStands(String clientAuth, int letIn) {
		try (TlsWorld own = new TlsWorld();
				TlsApplication optional = TlsApplication.run(own, GrpcApplication.class, "spring.grpc.server.port=0",
						"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.ssl.bundle=spire",
						"spring.grpc.server.ssl.client-auth=" + clientAuth)) {
			Knock knock = Knock.http2(optional.bean(Started.class).port()).withoutTickets();
			assertThat(own.letIn(new JavaCaller(), knock, TlsVersion.TLS_1_3)).hasSize(letIn)
				.contains(Peer.LISTED, Peer.BELOW_PATH, Peer.NOBODY);
		}
	}

	@Test
	void protocolOfTheOptionsAloneIsSpoken() {
		try (TlsApplication limited = TlsApplication.run(world, GrpcApplication.class, "spring.grpc.server.port=0",
				"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.ssl.bundle=spire",
				"spire.bundle.options.enabled-protocols=TLSv1.3")) {
			world.assertThatTls13AloneIsSpoken(Knock.http2(limited.bean(Started.class).port()).withoutTickets());
		}
	}

	@Nested
	class Server extends InboundContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Knock knock() {
			return Knock.http2(port()).withoutTickets();
		}

		@Override
		protected Knock policedKnock() {
			return Knock.http2(application.bean(PolicedServer.class).port()).withoutTickets();
		}

		@Test
		void startsWithSvid() {
			assertThat(application.bean(Started.class).wasEmpty()).isFalse();
		}

		@ParameterizedTest
		@EnumSource
		void checksEachConnectionOfGrpc(TlsVersion version) {
			ManagedChannel channel = channel(world.credential(Peer.LISTED), version);
			try {
				for (int i = 0; i < 3; i++) {
					long accepted = application.count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
					assertThat(Greeting.call(channel)).isEqualTo("hello");
					assertThat(application.count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + 1);
					channel.enterIdle();
					// another thread may be the one that does it
					await().until(() -> channel.getState(false) == ConnectivityState.IDLE);
				}
			}
			finally {
				channel.shutdownNow();
			}
		}

		@ParameterizedTest
		@EnumSource
		void answersListedClientsOfGrpcAlone(TlsVersion version) {
			for (Peer peer : Peer.values()) {
				ManagedChannel channel = channel(world.credential(peer), version);
				try {
					if (peer.isAuthorized()) {
						assertThat(Greeting.call(channel)).isEqualTo("hello");
					}
					else {
						assertThatExceptionOfType(StatusRuntimeException.class).as("%s", peer)
							.isThrownBy(() -> Greeting.call(channel));
					}
				}
				finally {
					channel.shutdownNow();
				}
			}
		}

		@Test
		void failsOverTls12WhereOpensslWasPromisedATicket() {
			Reception reception = new OpenSslCaller(world.directory()).call(Knock.http2(port()), TlsVersion.TLS_1_2,
					world.credential(Peer.LISTED));
			assertThat(reception.answered()).isFalse();
			assertThat(reception.output()).contains("unexpected message");
		}

		private static ManagedChannel channel(Credential credential, TlsVersion version) {
			// with the port in its authority, by which the JDK keeps sessions
			return NettyChannelBuilder.forTarget("localhost:" + port(), Tls.client(credential, version)).build();
		}

		private static int port() {
			return application.bean(Started.class).port();
		}

	}

	@Nested
	class Client extends OutboundContract {

		Client() {
			super(application, (bundle) -> new BootChannels(application, bundle));
		}

		@Override
		protected PeerServer serve(Credential credential, TlsVersion version) {
			return new GrpcPeer(credential, version);
		}

		/**
		 * Servers that come and go get the same port more often than one would think.
		 */
		@Test
		void callsTheServerThatGetsThePortOfOneThatIsGone() throws Exception {
			Call client = client(application.bundle());
			int port;
			try (GrpcPeer gone = new GrpcPeer(world.credential(Peer.LISTED), TlsVersion.TLS_1_3)) {
				assertThat(client.get(gone.uri())).isEqualTo("hello");
				port = gone.uri().getPort();
			}
			try (GrpcPeer next = await().ignoreException(UncheckedIOException.class)
				.until(() -> new GrpcPeer(world.credential(Peer.LISTED), TlsVersion.TLS_1_3,
						CertificateRequest.REQUIRED, port), Objects::nonNull)) {
				assertThat(client.get(next.uri())).isEqualTo("hello");
			}
		}

		@Test
		void callsNobodyWhereTheIdentityIsDisabledAndSaysWhy() {
			try (GrpcPeer peer = new GrpcPeer(world.credential(Peer.LISTED), TlsVersion.TLS_1_3);
					ConfigurableApplicationContext context = new SpringApplicationBuilder(ClientApplication.class).run(
							"--spire.psat.enabled=false", "--spring.grpc.client.channel.peer.ssl.bundle=spire",
							"--spring.grpc.client.channel.peer.target=static://localhost:" + peer.uri().getPort())) {
				Channel channel = context.getBean(GrpcChannelFactory.class).createChannel("peer");
				assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> Greeting.call(channel))
					.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("'spire.psat.enabled'"));
				assertThat(peer.clients()).isEmpty();
			}
		}

	}

	@Nested
	class ClientWithIdentityBundle extends IdentityContract {

		ClientWithIdentityBundle() {
			super(application, (bundle) -> new BootChannels(application, bundle));
		}

		@Override
		protected PeerServer serve(Credential credential, TlsVersion version, CertificateRequest request) {
			return new GrpcPeer(credential, version, request);
		}

		/**
		 * The name that is checked is the one that the channel says it calls.
		 */
		@ParameterizedTest
		@EnumSource
		void checksTheAuthorityThatOverridesTheHostName(TlsVersion version) throws Exception {
			Call client = new BootChannels(application, bundle(),
					(channel) -> channel.overrideAuthority("elsewhere.example"));
			try (PeerServer right = serve("elsewhere.example", version, CertificateRequest.REQUIRED);
					PeerServer wrong = serve("localhost", version, CertificateRequest.REQUIRED)) {
				assertThat(client.get(right.uri())).isEqualTo("hello");
				assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> client.get(wrong.uri()));
				assertThat(wrong.connections()).isZero();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

	}

}
