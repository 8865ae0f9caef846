package dev.psat.tlstests.reactornetty;

import java.util.stream.Stream;

import dev.psat.tlstests.Caller;
import dev.psat.tlstests.CurlCaller;
import dev.psat.tlstests.InboundContract;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.OpenSslCaller;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.RedirectContract;
import dev.psat.tlstests.RefusalContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on Reactor Netty over HTTP/2, and its beginnings over HTTP/1.1 on the port
 * for management, whose bundle has a policy of its own. {@code openssl} and {@code curl}
 * ask for the host {@code localhost}, for which Spring Boot keeps a context of its own
 * and makes it anew at each update of the bundle; Java asks for none.
 */
class ReactorNettyTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, ReactorNettyApplication.class, "server.port=0",
				"server.ssl.bundle=spire", "server.ssl.server-name-bundles[0].server-name=localhost",
				"server.ssl.server-name-bundles[0].bundle=spire", "server.http2.enabled=true",
				"management.server.port=0", "management.server.ssl.bundle=policed",
				ReactorNettyApplication.QUICK_SHUTDOWN);
	}

	@Test
	void serverOfHttp2SpeaksHttp1Too() {
		Knock knock = ReactorNettyApplication.server(application);
		Reception reception = new JavaCaller().call(knock, TlsVersion.TLS_1_3, world.credential(Peer.LISTED));
		assertThat(reception.output()).startsWith("HTTP/1.1 200 OK").endsWith("hello");
	}

	@ParameterizedTest
	@MethodSource("callersAndVersions")
	void managementServerLetsInListedClientsAloneAfterRotation(Caller caller, TlsVersion version) {
		application.rotate();
		Knock knock = ReactorNettyApplication.managementServer(application);
		assertThat(world.letIn(caller, knock, version, Peer.LISTED, Peer.STRANGER, Peer.AGENT, Peer.NOBODY))
			.containsExactly(Peer.LISTED);
	}

	static Stream<Arguments> callersAndVersions() {
		return Stream.of(new JavaCaller(), new OpenSslCaller(world.directory()), new CurlCaller(world.directory()))
			.flatMap((caller) -> Stream.of(TlsVersion.values()).map((version) -> Arguments.of(caller, version)));
	}

	@Nested
	class Server extends InboundContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Knock knock() {
			return ReactorNettyApplication.http2Server(application);
		}

		@Override
		protected Knock policedKnock() {
			return ReactorNettyApplication.managementServer(application);
		}

	}

	/** The rest of its contract is in {@link ReactorClientTests}. */
	@Nested
	class Client extends RefusalContract {

		Client() {
			super(application, (bundle) -> Call.reactive(application, bundle));
		}

	}

	@Nested
	class Redirects extends RedirectContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Exchange client(HttpClientSettings settings) {
			return Exchange.of(application.bean(ClientHttpConnectorBuilder.class).build(settings));
		}

	}

}
