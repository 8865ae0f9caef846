package dev.psat.tlstests.jetty;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

import dev.psat.tlstests.Caller;
import dev.psat.tlstests.CurlCaller;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.InboundContract;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on Jetty, and the like over HTTP/2 and on the port for management.
 */
class JettyTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class, "server.port=0", "server.ssl.bundle=spire",
				"server.http2.enabled=true", "server.jetty.connection-idle-timeout=1h", "management.server.port=0",
				"management.server.address=127.0.0.1", "spring.http.clients.imperative.factory=jetty");
	}

	@Nested
	class Server extends InboundContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Knock policedKnock() {
			return Knock.http(Ports.additional(application), "/greeting");
		}

	}

	/** The rest of its contract is in {@link JettyClientTests}. */
	@Nested
	class Client extends RefusalContract {

		Client() {
			super(application, (bundle) -> Call.blocking(application, bundle));
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
			return Exchange.of(application.bean(ClientHttpRequestFactoryBuilder.class).build(settings));
		}

		@Override
		protected Sent sendsAuthorization() {
			return new Sent(false, false, false);
		}

	}

	@ParameterizedTest
	@EnumSource
	void serverSpeaksHttp2WithListedClientsAlone(TlsVersion version) {
		assertThatListedClientsAloneAreLetIn(Knock.http2(application.port("server")), version);
		application.rotate();
		assertThatListedClientsAloneAreLetIn(Knock.http2(application.port("server")), version);
	}

	/**
	 * It has a port of its own, and the bundle of the server.
	 */
	@ParameterizedTest
	@EnumSource
	void managementServerLetsInListedClientsAlone(TlsVersion version) {
		Knock knock = Knock.http(application.port("management"), "/actuator/health");
		assertThatListedClientsAloneAreLetIn(knock, version);
		application.rotate();
		assertThatListedClientsAloneAreLetIn(knock, version);
	}

	private static void assertThatListedClientsAloneAreLetIn(Knock knock, TlsVersion version) {
		for (Caller caller : List.of(new JavaCaller(), new CurlCaller(world.directory()))) {
			for (Peer peer : List.of(Peer.LISTED, Peer.STRANGER, Peer.NOBODY)) {
				Reception reception = caller.call(knock, version, world.credential(peer));
				assertThat(reception.answered()).as("%s %s: %s", caller, peer, reception.output())
					.isEqualTo(peer.isAuthorized());
				assertThat(Optional.ofNullable(reception.server()).map(X509Certificate::getSerialNumber))
					.isIn(Optional.empty(), Optional.of(application.serialNumber()));
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ JettyApplication.class, PolicedConnector.class })
	static class Application {

	}

}
