package dev.psat.tlstests.reactornetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.AnyCertificate;
import dev.psat.support.Patience;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for starts of an application on Reactor Netty: those that the bundle stops, and
 * those that it lets pass.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactorNettyStartTests {

	private static final List<String> ALWAYS = List.of("server.port=0", "spring.main.banner-mode=off",
			ReactorNettyApplication.QUICK_SHUTDOWN);

	@AutoClose
	private static TlsWorld world;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
	}

	@ParameterizedTest
	@CsvSource({ "spire, shop, server, The web server", "shop, spire, server, The web server",
			"policed, spire, server, The web server", "spire, shop, management.server, The management server" })
	void stopsWhereOneServerWouldServeTwoBundles(String byDefault, String byName, String prefix, String server,
			CapturedOutput output) {
		assertThatStartFails("management.server.port=0", prefix + ".ssl.bundle=" + byDefault,
				prefix + ".ssl.server-name-bundles[0].server-name=orders.example",
				prefix + ".ssl.server-name-bundles[0].bundle=" + byName);
		assertThat(output).contains(server + " would serve the SSL bundle of the SPIRE identity and, for the host "
				+ "'orders.example', a different one. Reactor Netty cannot keep the two apart.");
	}

	@ParameterizedTest
	@CsvSource({ "server, the web server and the management server", "management.server, the management server" })
	void stopsWhereTheIdentityIsDisabled(String prefix, String servers, CapturedOutput output) {
		assertThatStartFails("spire.server.enabled=false", "management.server.port=0", prefix + ".ssl.bundle=spire");
		assertThat(output).contains("There is no X.509-SVID for " + servers + " to serve.",
				"The state of the identity is DISABLED.");
	}

	@Test
	void passesWithDisabledIdentityWhereNoServerServesTheBundle() throws Exception {
		SSLContext anybody = world.credential(Peer.LISTED).sslContext(new AnyCertificate());
		try (ConfigurableApplicationContext context = run("spire.server.enabled=false");
				ServerSocket listener = anybody.getServerSocketFactory()
					.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> read(listener));
			SSLContext ours = context.getBean(SpiffeSslBundle.class).createSslContext();
			try (SSLSocket socket = (SSLSocket) ours.getSocketFactory()
				.createSocket(listener.getInetAddress(), listener.getLocalPort())) {
				assertThatExceptionOfType(SSLException.class).isThrownBy(socket::startHandshake)
					.withMessageContaining("disabled");
			}
			assertThat(served).failsWithin(Patience.LIMIT);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire", "policed" })
	void stopsWhereRSocketServerWouldServeTheBundleUnderLazyInitializationToo(String bundle, CapturedOutput output) {
		assertThatStartFails("spring.rsocket.server.port=0", "spring.rsocket.server.ssl.bundle=" + bundle,
				"spring.main.lazy-initialization=true");
		assertThat(output)
			.contains("The properties 'spring.rsocket.server.ssl' name an SSL bundle of the SPIRE identity")
			.doesNotContain("Netty RSocket started");
	}

	@Test
	void protocolOfTheOptionsAloneIsSpoken(CapturedOutput output) {
		try (TlsApplication application = application("server.ssl.bundle=spire", "server.ssl.enabled-protocols=TLSv1.2",
				"spire.bundle.options.enabled-protocols=TLSv1.3")) {
			world.assertThatTls13AloneIsSpoken(ReactorNettyApplication.server(application));
			assertThat(output).containsOnlyOnce("'ssl.enabled-protocols' of the web server has no effect");
		}
	}

	@Test
	void explicitNoneAsksNobody(CapturedOutput output) {
		try (TlsApplication application = application("server.ssl.bundle=spire", "server.ssl.client-auth=none")) {
			assertThat(output)
				.containsOnlyOnce("'client-auth' is 'none': the web server does not ask clients for a certificate");
			assertThat(world.letIn(new JavaCaller(), ReactorNettyApplication.server(application), TlsVersion.TLS_1_3))
				.contains(Peer.NOBODY, Peer.STRANGER);
		}
	}

	@Test
	void explicitWantLetsInWhoeverShowsNothingAndManagementServerInheritsIt(CapturedOutput output) {
		try (TlsApplication application = application("server.ssl.bundle=spire", "server.ssl.client-auth=want",
				"management.server.port=0")) {
			assertThat(output).contains(
					"'client-auth' is 'want': the web server also lets in clients without a certificate",
					"'client-auth' is 'want': the management server also lets in clients without a certificate");
			Stream
				.of(ReactorNettyApplication.server(application), ReactorNettyApplication.managementServer(application))
				.forEach((knock) -> assertThat(world.letIn(new JavaCaller(), knock, TlsVersion.TLS_1_3))
					.containsExactly(Peer.LISTED, Peer.BELOW_PATH, Peer.NOBODY));
		}
	}

	@Test
	void waitsForTheManagementServerAlone(CapturedOutput output) {
		try (TlsApplication application = application("management.server.port=0",
				"management.server.ssl.bundle=spire")) {
			assertThat(output).contains("for the first X.509-SVID, which the management server will serve");
			Knock knock = ReactorNettyApplication.managementServer(application);
			for (TlsVersion version : TlsVersion.values()) {
				assertThat(world.letIn(new JavaCaller(), knock, version)).containsExactly(Peer.LISTED, Peer.BELOW_PATH);
			}
		}
	}

	private static TlsApplication application(String... properties) {
		return TlsApplication.run(world, ReactorNettyApplication.class,
				Stream.concat(ALWAYS.stream(), Stream.of(properties)).toArray(String[]::new));
	}

	private static int read(ServerSocket listener) {
		try (Socket socket = listener.accept()) {
			return socket.getInputStream().read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void assertThatStartFails(String... properties) {
		assertThatException().isThrownBy(() -> run(properties).close());
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(ReactorNettyApplication.class)
			.run(Stream.concat(ALWAYS.stream(), Stream.of(world.properties(properties)))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
	}

}
