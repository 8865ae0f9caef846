package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.JdkKeptClient;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.OpenSslCaller;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * What must not open Tomcat to strangers, and what does and says so.
 */
@ExtendWith(OutputCaptureExtension.class)
class TomcatRefusalTests {

	private static final Peer[] WORKLOADS = { Peer.LISTED, Peer.BELOW_PATH, Peer.STRANGER };

	@AutoClose
	private static TlsWorld world;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
	}

	@Test
	void explicitClientAuthStandsAndIsTold(CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=spire", "server.ssl.client-auth=want",
				"management.server.port=0", "management.server.ssl.bundle=spire",
				"management.server.ssl.client-auth=none")) {
			assertThat(output).contains("'client-auth' is 'want'").contains("'client-auth' is 'none'");
			int port = application.port("server");
			assertThat(Stream.of(Peer.values()).filter((peer) -> knock(port, peer))).containsExactly(Peer.LISTED,
					Peer.BELOW_PATH, Peer.NOBODY);
			application.rotate();
			assertThat(knock(port, Peer.STRANGER)).isFalse();
			assertThat(knock(application.port("management"), "/actuator/health", TlsVersion.TLS_1_3, Peer.NOBODY))
				.isTrue();
		}
	}

	@Test
	void connectionOfClientThatNeedNotPresentCertificateEndsWithItsCause() throws Exception {
		// whose bootstrap trust bundle nobody needs afterwards
		try (TlsWorld world = new TlsWorld();
				TlsApplication application = TlsApplication.run(world, Application.class, "server.port=0",
						"server.ssl.bundle=spire", "server.ssl.client-auth=want");
				KeptClient client = new JdkKeptClient(application.port("server"), world.credential(Peer.LISTED),
						TlsVersion.TLS_1_3, false)) {
			assertThat(client.call()).isEqualTo("hello");
			ConnectionCounts connections = application.bundle().connections();
			assertThat(connections.open(Direction.INBOUND)).isOne();
			application.replaceAuthority();
			await().until(() -> connections.ended(Direction.INBOUND, EndCause.UNTRUSTED) == 1);
			assertThatException().isThrownBy(client::call);
		}
	}

	@Test
	void connectorStopsWhenSomebodyTakesThePlaceOfTheBundle(CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=spire")) {
			Connector connector = Ports.connectors(application).get(0);
			int port = application.port("server");
			assertThat(knock(port, Peer.STRANGER)).isFalse();
			AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
			protocol.addSslHostConfig(host(protocol.getDefaultSSLHostConfigName()), true);
			assertThat(knock(port, Peer.STRANGER)).as("the connector is open until the next update").isTrue();
			application.rotate();
			await().until(() -> !connector.getState().isAvailable());
			assertThat(knock(port, Peer.STRANGER)).isFalse();
			assertThat(knock(port, Peer.LISTED)).isFalse();
			assertThat(output).contains("no longer serves the SSL bundle as it was customized to");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void connectorThatNoLongerNeedsCertificatesLetsNobodyInAndStops(boolean reload, CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=spire")) {
			Connector connector = Ports.connectors(application).get(0);
			int port = application.port("server");
			AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
			protocol.findSslHostConfigs()[0].setCertificateVerification("none");
			if (reload) {
				protocol.reloadSslHostConfigs();
			}
			assertThat(Stream.of(Peer.values()).filter((peer) -> knock(port, peer))).isEmpty();
			assertThat(connector.getState().isAvailable()).isTrue();
			assertThat(output).containsOnlyOnce("It accepts no connection").doesNotContain("Error running socket");
			application.rotate();
			await().until(() -> !connector.getState().isAvailable());
			assertThat(output).contains("no longer serves the SSL bundle as it was customized to");
		}
	}

	@Test
	void protocolOfTheOptionsAloneIsSpoken(CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=spire", "server.ssl.enabled-protocols=TLSv1.2",
				"spire.bundle.options.enabled-protocols=TLSv1.3")) {
			world.assertThatTls13AloneIsSpoken(Knock.http(application.port("server"), "/greeting"));
			assertThat(output).containsOnlyOnce("'ssl.enabled-protocols' of the web server has no effect");
		}
	}

	@Test
	void connectorIsReloadedAndRestarted() throws Exception {
		try (TlsApplication application = run("server.ssl.bundle=spire")) {
			Connector connector = Ports.connectors(application).get(0);
			((AbstractHttp11Protocol<?>) connector.getProtocolHandler()).reloadSslHostConfigs();
			assertThat(knock(application.port("server"), Peer.LISTED)).isTrue();
			connector.stop();
			connector.start();
			assertThat(knock(connector.getLocalPort(), Peer.LISTED)).isTrue();
			assertThat(knock(connector.getLocalPort(), Peer.NOBODY)).isFalse();
		}
	}

	@Test
	void anotherHostOnTheConnectorOpensOnlyItself(CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=spire",
				"server.ssl.server-name-bundles[0].server-name=localhost",
				"server.ssl.server-name-bundles[0].bundle=web")) {
			assertThat(output).contains("serves the host 'localhost' with another SSL bundle");
			// Java sends no name without a dot, openssl does
			assertThat(knock(application.port("server"), Peer.LISTED)).isTrue();
			assertThat(knock(application.port("server"), Peer.STRANGER)).isFalse();
			assertThat(knock(application.port("server"), Peer.NOBODY)).isFalse();
			assertThat(knockByName(application.port("server"), Peer.NOBODY)).isTrue();
		}
	}

	@Test
	void bundleOfOneHostAloneIsServedByItsContext(CapturedOutput output) {
		try (TlsApplication application = run("server.ssl.bundle=web",
				"server.ssl.server-name-bundles[0].server-name=localhost",
				"server.ssl.server-name-bundles[0].bundle=spire")) {
			assertThat(output).contains("with another SSL bundle");
			assertThat(knockByName(application.port("server"), Peer.LISTED)).isTrue();
			assertThat(knockByName(application.port("server"), Peer.STRANGER)).isFalse();
			assertThat(knockByName(application.port("server"), Peer.AGENT)).isFalse();
			assertThat(knockByName(application.port("server"), Peer.NOBODY)).isFalse();
			application.rotate();
			assertThat(knockByName(application.port("server"), Peer.STRANGER)).isFalse();
		}
	}

	@Test
	void bundleWithPolicyOfItsOwnIsServedByItsContext() {
		try (TlsApplication application = run("server.ssl.bundle=spire", "management.server.port=0",
				"management.server.ssl.bundle=policed")) {
			int port = application.port("management");
			Knock knock = Knock.http(port, "/actuator/health");
			assertThat(world.letIn(new JavaCaller(), knock, TlsVersion.TLS_1_3)).containsExactly(Peer.LISTED);
		}
	}

	@Test
	void managementServerAloneIsServedByItsContext() {
		try (TlsApplication application = run("management.server.port=0", "management.server.ssl.bundle=spire")) {
			int port = application.port("management");
			Knock knock = Knock.http(port, "/actuator/health");
			for (TlsVersion version : TlsVersion.values()) {
				assertThat(world.letIn(new JavaCaller(), knock, version)).containsExactly(Peer.LISTED, Peer.BELOW_PATH);
			}
			application.rotate();
			assertThat(knock(port, Peer.STRANGER)).isFalse();
		}
	}

	@Test
	void anyWorkloadOfTheTrustDomainAndNobodyElseIsMetIfTheApplicationWantsIt() {
		try (TlsApplication application = run("server.ssl.bundle=spire", "spire.bundle.authorize-any-client=true",
				"spire.bundle.authorize-any-server=true")) {
			Knock knock = Knock.http(application.port("server"), "/greeting");
			HttpClient client = HttpClient.newBuilder().sslContext(application.bundle().createSslContext()).build();
			for (TlsVersion version : TlsVersion.values()) {
				assertThat(world.letIn(new JavaCaller(), knock, version)).containsExactly(WORKLOADS);
				assertThat(Stream.of(Peer.values()).filter((peer) -> calls(client, peer, version)))
					.containsExactly(WORKLOADS);
			}
		}
	}

	private static boolean calls(HttpClient client, Peer peer, TlsVersion version) {
		try (HttpPeer server = new HttpPeer(world.credential(peer), version)) {
			return client.send(HttpRequest.newBuilder(server.uri()).build(), BodyHandlers.ofString())
				.body()
				.equals("hello");
		}
		catch (SSLException ex) {
			return false;
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled", "spire.server.enabled" })
	void serverDoesNotStartWhereTheIdentityIsDisabled(String property, CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(Application.class)
			.run(arguments("server.port=0", "server.ssl.bundle=spire", property + "=false"))
			.close());
		assertThat(output).contains("DISABLED").doesNotContain("Tomcat started");
	}

	private static TlsApplication run(String... properties) {
		return TlsApplication.run(world, Application.class,
				Stream.concat(Stream.of("server.port=0"), Stream.of(properties)).toArray(String[]::new));
	}

	private static String[] arguments(String... properties) {
		return Stream.of(world.properties(properties)).map((property) -> "--" + property).toArray(String[]::new);
	}

	private static boolean knock(int port, Peer peer) {
		return knock(port, "/greeting", TlsVersion.TLS_1_3, peer) && knock(port, "/greeting", TlsVersion.TLS_1_2, peer);
	}

	private static boolean knock(int port, String path, TlsVersion version, Peer peer) {
		return new JavaCaller().call(Knock.http(port, path), version, world.credential(peer)).answered();
	}

	private static boolean knockByName(int port, Peer peer) {
		return new OpenSslCaller(world.directory())
			.call(Knock.http(port, "/greeting"), TlsVersion.TLS_1_3, world.credential(peer))
			.answered();
	}

	private static SSLHostConfig host(String name) {
		SSLHostConfig host = new SSLHostConfig();
		host.setHostName(name);
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host, Type.UNDEFINED);
		certificate.setCertificateKeystore(Credential.of(world.web(), "localhost").keyStore());
		certificate.setCertificateKeystorePassword("");
		host.addCertificate(certificate);
		return host;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		@GetMapping("/greeting")
		String greeting() {
			return "hello";
		}

		@Bean
		SslBundleRegistrar web() {
			KeyStore store = Credential.of(world.web(), "localhost").keyStore();
			return (registry) -> registry.registerBundle("web", SslBundle.of(SslStoreBundle.of(store, "", null)));
		}

		@Bean
		SslBundleRegistrar policed(SpiffeSslBundle bundle) {
			return (registry) -> registry.registerBundle("policed",
					bundle.authorizing((peer) -> peer.toString().equals(TlsWorld.LISTED)));
		}

	}

}
