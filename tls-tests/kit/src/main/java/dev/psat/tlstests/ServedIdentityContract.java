package dev.psat.tlstests;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of a web server that an identity bundle is configured for: it does not
 * start.
 */
@ExtendWith(OutputCaptureExtension.class)
public abstract class ServedIdentityContract {

	private static final String FOR_CLIENTS = "which is for clients alone";

	private static TlsWorld world;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
	}

	@AfterAll
	static void end() {
		world.close();
	}

	/**
	 * Return the application.
	 * @return its configuration
	 */
	protected abstract Class<?> application();

	/**
	 * Return the auto-configuration that makes the server use the context of a bundle.
	 * @return the auto-configuration
	 */
	protected abstract Class<?> autoConfiguration();

	/**
	 * Return what explains that a server that nothing of ours has configured cannot
	 * start.
	 * @return part of a message, that of our own analysis unless overridden
	 */
	protected String refusalWithoutAutoConfiguration() {
		return "The web server of the context 'application' is configured with the SSL bundle 'spire-web', "
				+ FOR_CLIENTS;
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire-web", "own" })
	void serverDoesNotStart(String bundle, CapturedOutput output) {
		assertThatStartIsRefused("The web server", bundle, "server.ssl.bundle=" + bundle);
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("Waiting up to");
	}

	@Test
	void serverDoesNotStartUnderLazyInitialization() {
		assertThatStartIsRefused("The web server", "spire-web", "server.ssl.bundle=spire-web",
				"spring.main.lazy-initialization=true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire-web", "own" })
	void managementServerDoesNotStart(String bundle) {
		assertThatStartIsRefused("The management server", bundle, "management.server.port=0",
				"management.server.ssl.bundle=" + bundle);
	}

	@Test
	void managementServerDoesNotStartUnderLazyInitialization() {
		assertThatStartIsRefused("The management server", "spire-web", "management.server.port=0",
				"management.server.ssl.bundle=spire-web", "spring.main.lazy-initialization=true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.enabled=false", "server.ssl.bundle=spire" })
	void nothingWaitsForWhatTheManagementServerWillNotServe(String server, CapturedOutput output) {
		assertThatStartIsRefused("The management server", "spire-web", server, "management.server.port=0",
				"management.server.ssl.bundle=spire-web", "spire.server.address=127.0.0.1:1", "spire.svid.wait=5s");
		assertThat(output).doesNotContain("Waiting up to");
	}

	@Test
	void serverThatNothingOfOursConfiguresDoesNotStart() {
		assertThatException()
			.isThrownBy(() -> run("server.ssl.bundle=spire-web",
					"spring.autoconfigure.exclude=" + autoConfiguration().getName()))
			.withStackTraceContaining(refusalWithoutAutoConfiguration());
	}

	@Test
	void serverWithoutTlsMayNameIt() {
		run("server.ssl.bundle=spire-web", "server.ssl.enabled=false");
	}

	protected final void assertThatStartIsRefused(String server, String bundle, String... properties) {
		assertThatException().isThrownBy(() -> run(properties))
			.satisfies((ex) -> assertThat(causes(ex)).filteredOn(PsatStartupException.class::isInstance)
				.singleElement()
				.asString()
				.contains("%s is configured with the SSL bundle '%s', %s".formatted(server, bundle, FOR_CLIENTS)));
	}

	private static Stream<Throwable> causes(Throwable ex) {
		return Stream.iterate(ex, (cause) -> cause != null, Throwable::getCause);
	}

	private void run(String... properties) {
		String[] always = world.withIdentityBundle("server.port=0", "spring.main.banner-mode=off",
				"spring.reactor.netty.shutdown-quiet-period=0s");
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream.of(world.properties(), always, properties)
			.flatMap(Stream::of)
			.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		new SpringApplicationBuilder(application(), OwnBundle.class).run(arguments.values().toArray(String[]::new))
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBundle {

		@Bean
		SslBundleRegistrar own(ObjectProvider<SpireIdentity> identity) {
			return (registry) -> registry.registerBundle("own",
					IdentitySslBundle.of(identity::getIfAvailable, SslOptions.NONE));
		}

	}

}
