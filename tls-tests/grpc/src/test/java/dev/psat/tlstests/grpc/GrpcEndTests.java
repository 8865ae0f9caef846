package dev.psat.tlstests.grpc;

import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.Gate;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.Policy;
import dev.psat.tlstests.Silence;
import dev.psat.tlstests.Silents;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.grpc.GrpcApplication.Started;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The end of connections on Spring Boot's gRPC server.
 */
@Matrix
class GrpcEndTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class, "spring.grpc.server.port=0",
				"spring.grpc.server.address=127.0.0.1", "spring.grpc.server.ssl.bundle=policed");
	}

	@Nested
	class HardEnd extends EndContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected KeptClient client(Credential credential, TlsVersion version, boolean http2) {
			return new GrpcKeptClient(application.bean(Started.class).port(), credential, version);
		}

		@Override
		protected boolean knows(Use use, boolean http2) {
			return use != Use.WEB_SOCKET;
		}

		/**
		 * A handshake keeps the thread on which others happen, too.
		 */
		@Override
		protected boolean servesWhileThePolicyHangs() {
			return false;
		}

		/**
		 * Before a client speaks HTTP/2, gRPC shows its connection to nobody, and closes
		 * it after two minutes.
		 */
		@Override
		protected Set<Silence> silences() {
			return EnumSet.of(Silence.WITHOUT_STREAM);
		}

		@Override
		protected int port() {
			return application.bean(Started.class).port();
		}

	}

	@Nested
	class SoftEnd extends SoftEndContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Map<String, Function<SSLContext, KeptClient>> clients() {
			return Map.of("gRPC", (context) -> new GrpcKeptClient(application.bean(Started.class).port(), context,
					TlsVersion.TLS_1_3));
		}

		@Override
		protected OptionalInt curlPort() {
			return OptionalInt.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Greeting greeting() {
			return new Greeting();
		}

		@Bean
		Gate gate(Greeting greeting) {
			return greeting.gate();
		}

		@Bean
		Started started(SpiffeSslBundle bundle) {
			return new Started(bundle);
		}

		@Bean
		Silents silents() {
			return new Silents();
		}

		@Bean
		Policy policy() {
			return new Policy();
		}

		@Bean
		static SslBundleRegistrar policed(SpiffeSslBundle bundle, Policy policy) {
			return (registry) -> registry.registerBundle("policed", bundle.authorizing(policy));
		}

	}

}
