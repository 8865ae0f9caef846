package dev.psat.tlstests.jetty;

import java.nio.file.Path;

import dev.psat.tlstests.Credential;
import dev.psat.tlstests.JavaCaller;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.Reception;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Which of the servers serve the bundle, and how, as the properties have it.
 */
@ExtendWith(OutputCaptureExtension.class)
class JettyWiringTests {

	@AutoClose
	private static TlsWorld world;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
	}

	@Test
	void managementServerHasTheBundleAndTheServerAnother(CapturedOutput output) {
		Credential web = Credential.of(world.web(), "localhost");
		Path file = web.writeTo(world.directory());
		try (TlsApplication application = run(JettyApplication.class, "server.port=0", "server.ssl.bundle=web",
				"spring.ssl.bundle.pem.web.keystore.certificate=file:" + file,
				"spring.ssl.bundle.pem.web.keystore.private-key=file:" + file, "management.server.port=0",
				"management.server.ssl.bundle=spire", "management.server.ssl.client-auth=want")) {
			Reception served = call(application.port("server"), "/greeting", Peer.NOBODY);
			assertThat(served.answered()).isTrue();
			assertThat(served.server()).isEqualTo(web.leaf());
			int management = application.port("management");
			Reception managed = call(management, "/actuator/health", Peer.NOBODY);
			assertThat(managed.output()).startsWith("HTTP/1.1 200");
			assertThat(managed.server()).isNotNull();
			assertThat(managed.server().getSerialNumber()).isEqualTo(application.serialNumber());
			assertThat(call(management, "/actuator/health", Peer.LISTED).answered()).isTrue();
			assertThat(call(management, "/actuator/health", Peer.STRANGER).answered()).isFalse();
		}
		assertThat(output).contains("'client-auth' is 'want'", "the management server");
	}

	@Test
	void anotherBundleIsStillAskedForByHostName() {
		Path file = Credential.of(world.web(), "elsewhere.example").writeTo(world.directory());
		try (TlsApplication application = run(JettyApplication.class, "server.port=0", "server.ssl.bundle=web",
				"spring.ssl.bundle.pem.web.keystore.certificate=file:" + file,
				"spring.ssl.bundle.pem.web.keystore.private-key=file:" + file)) {
			assertThat(call(application.port("server"), "/greeting", Peer.NOBODY).output()).startsWith("HTTP/1.1 400");
		}
	}

	@Test
	void managementServerAloneHasTheBundle(CapturedOutput output) {
		try (TlsApplication application = run(JettyApplication.class, "server.port=0", "management.server.port=0",
				"management.server.ssl.bundle=spire")) {
			int management = application.port("management");
			assertThat(call(management, "/actuator/health", Peer.LISTED).output()).startsWith("HTTP/1.1 200");
			assertThat(call(management, "/actuator/health", Peer.AGENT).answered()).isFalse();
			assertThat(call(management, "/actuator/health", Peer.NOBODY).answered()).isFalse();
			assertThat(call(application.port("server"), "/greeting", Peer.LISTED).answered()).isFalse();
		}
		assertThat(output).doesNotContain("'client-auth' is");
	}

	@Test
	void protocolOfTheOptionsAloneIsSpoken(CapturedOutput output) {
		try (TlsApplication application = run(JettyApplication.class, "server.port=0", "server.ssl.bundle=spire",
				"server.ssl.enabled-protocols=TLSv1.2", "spire.bundle.options.enabled-protocols=TLSv1.3")) {
			world.assertThatTls13AloneIsSpoken(Knock.http(application.port("server"), "/greeting"));
			assertThat(output).containsOnlyOnce("'ssl.enabled-protocols' of the web server has no effect");
		}
	}

	@Test
	void explicitNoneLetsAnybodyIn(CapturedOutput output) {
		try (TlsApplication application = run(JettyApplication.class, "server.port=0", "server.ssl.bundle=spire",
				"server.ssl.client-auth=none")) {
			assertThat(call(application.port("server"), "/greeting", Peer.NOBODY).output()).endsWith("hello");
			assertThat(call(application.port("server"), "/greeting", Peer.STRANGER).output()).endsWith("hello");
		}
		assertThat(output).contains("'client-auth' is 'none'", "the web server");
	}

	@Test
	void bundleThatACustomizerSetsIsServedInAReactiveApplicationToo() {
		try (TlsApplication application = run(WithCustomizer.class, "server.port=0",
				"spring.main.web-application-type=reactive")) {
			assertThat(call(application.port("server"), "/greeting", Peer.LISTED).output()).contains("hello");
			assertThat(call(application.port("server"), "/greeting", Peer.SPIRE_SERVER).answered()).isFalse();
			assertThat(call(application.port("server"), "/greeting", Peer.NOBODY).answered()).isFalse();
		}
	}

	@Test
	void startStopsWhereTheIdentityIsDisabled() {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(JettyApplication.class)
				.properties(world.properties("server.port=0", "server.ssl.bundle=spire", "spire.server.enabled=false"))
				.run())
			.havingRootCause()
			.withMessageContaining("disabled by 'spire.server.enabled'");
	}

	@Test
	void startStopsWhereTheBundleIsForAHostName() {
		assertThatException()
			.isThrownBy(() -> run(JettyApplication.class, "server.port=0", "server.ssl.bundle=spire",
					"server.ssl.server-name-bundles[0].server-name=localhost",
					"server.ssl.server-name-bundles[0].bundle=spire"))
			.havingRootCause()
			.withMessageContaining("not supported with Jetty");
	}

	private static TlsApplication run(Class<?> source, String... properties) {
		return TlsApplication.run(world, source, properties);
	}

	private static Reception call(int port, String path, Peer peer) {
		return new JavaCaller().call(Knock.http(port, path), TlsVersion.TLS_1_3, world.credential(peer));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(JettyApplication.class)
	static class WithCustomizer {

		@Bean
		WebServerFactoryCustomizer<JettyWebServerFactory> bundle() {
			return (factory) -> factory.setSsl(Ssl.forBundle("spire"));
		}

	}

}
