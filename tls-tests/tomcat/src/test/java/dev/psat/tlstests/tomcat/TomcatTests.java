package dev.psat.tlstests.tomcat;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.tlstests.InboundContract;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Peer;
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
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contracts on Tomcat, on its port for management, and with the clients of a blocking
 * application.
 */
class TomcatTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, TomcatApplication.class, "server.port=0", "server.ssl.bundle=spire",
				"server.http2.enabled=true", "server.tomcat.connection-timeout=1h", "management.server.port=0",
				"management.server.address=127.0.0.1");
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

	@ParameterizedTest
	@EnumSource
	void http2IsServedByTheContext(TlsVersion version) {
		Knock knock = Knock.http2(application.port("server"));
		assertThat(world.letIn(new JavaCaller(), knock, version)).containsExactly(Peer.LISTED, Peer.BELOW_PATH);
	}

	/**
	 * It has a port of its own, and the bundle of the server.
	 */
	@ParameterizedTest
	@EnumSource
	void managementServerLetsInListedClientsAloneAfterRotation(TlsVersion version) {
		application.rotate();
		assertThat(world.letIn(new JavaCaller(), managementKnock(), version)).containsExactly(Peer.LISTED,
				Peer.BELOW_PATH);
	}

	@ParameterizedTest
	@EnumSource
	void managementServerChecksEachConnection(TlsVersion version) {
		JavaCaller.Resumable client = new JavaCaller().resumable(managementKnock(), version,
				world.credential(Peer.LISTED));
		for (int i = 0; i < 3; i++) {
			long accepted = application.count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
			assertThat(client.call().answered()).isTrue();
			assertThat(application.count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + 1);
		}
	}

	private static Knock managementKnock() {
		return Knock.http(application.port("management"), "/actuator/health");
	}

	@Nested
	class JdkClient extends OutboundContract {

		JdkClient() {
			super(application, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.jdk(), bundle));
		}

	}

	@Nested
	class SimpleClient extends OutboundContract {

		SimpleClient() {
			super(application, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.simple(), bundle));
		}

	}

	/** The rest of their contract is in {@link HttpComponentsTests}. */
	@Nested
	class HttpComponents extends RefusalContract {

		HttpComponents() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

		@Test
		void isWhatTheApplicationMakes() {
			assertThat(application.bean(ClientHttpRequestFactoryBuilder.class).build())
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
		}

	}

	@Nested
	class HttpComponentsRedirects extends RedirectContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Exchange client(HttpClientSettings settings) {
			return Exchange.of(application.bean(ClientHttpRequestFactoryBuilder.class).build(settings));
		}

	}

	@Nested
	class JdkClientRedirects extends ClientRedirects {

		@Override
		ClientHttpRequestFactoryBuilder<?> builder() {
			return ClientHttpRequestFactoryBuilder.jdk();
		}

		@Override
		protected Sent sendsAuthorization() {
			boolean toAnybody = Runtime.version().feature() < 25;
			return new Sent(true, toAnybody, toAnybody);
		}

	}

	@Nested
	class SimpleClientRedirects extends ClientRedirects {

		@Override
		ClientHttpRequestFactoryBuilder<?> builder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	abstract static class ClientRedirects extends RedirectContract {

		abstract ClientHttpRequestFactoryBuilder<?> builder();

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Exchange client(HttpClientSettings settings) {
			return Exchange.of(builder().build(settings));
		}

		@Override
		protected boolean leavesHttpsOtherwise() {
			return false;
		}

	}

}
