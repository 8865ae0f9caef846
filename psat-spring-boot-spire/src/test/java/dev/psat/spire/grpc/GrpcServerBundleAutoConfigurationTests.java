package dev.psat.spire.grpc;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.SvidBundles;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerFactoryCustomizer;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.InProcessGrpcServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link GrpcServerBundleAutoConfiguration} where the identity is disabled, so
 * that no server starts.
 */
@ExtendWith(OutputCaptureExtension.class)
class GrpcServerBundleAutoConfigurationTests {

	private static final String NO_SVID = "There is no X.509-SVID for the gRPC server to serve";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SslAutoConfiguration.class, GrpcServerAutoConfiguration.class, GrpcServerBundleAutoConfiguration.class))
		.withBean(BindableService.class, () -> () -> ServerServiceDefinition.builder("Nothing").build())
		.withPropertyValues("spire.psat.enabled=false", "spring.grpc.server.port=0",
				"spring.grpc.server.netty.transport=tcp");

	private final ApplicationContextRunner withoutServer = this.contextRunner
		.withPropertyValues("spring.grpc.server.factory.enabled=false");

	@ParameterizedTest
	@ValueSource(strings = { "spire", "mine" })
	void clientsNeedCertificateWhereNothingIsSaid(String name) {
		this.withoutServer.withPropertyValues("spire.bundle.name=" + name, "spring.grpc.server.ssl.bundle=" + name)
			.run((context) -> assertThat(context.getBean(GrpcServerProperties.class).getSsl().getClientAuth())
				.isEqualTo(ClientAuth.REQUIRE));
	}

	@Test
	void clientsNeedCertificateWhereNothingIsSaidInAPlaceholder() {
		this.withoutServer
			.withPropertyValues("spring.grpc.server.ssl.bundle=spire", "spring.grpc.server.ssl.client-auth=${absent:}")
			.run((context) -> assertThat(context.getBean(GrpcServerProperties.class).getSsl().getClientAuth())
				.isEqualTo(ClientAuth.REQUIRE));
	}

	@ParameterizedTest
	@CsvSource({ "none,NONE", "optional,OPTIONAL", "require,REQUIRE" })
	void whatTheApplicationSaysOfClientsStands(String value, ClientAuth expected) {
		this.withoutServer
			.withPropertyValues("spring.grpc.server.ssl.bundle=spire", "spring.grpc.server.ssl.client-auth=" + value)
			.run((context) -> {
				GrpcServerProperties.Ssl ssl = context.getBean(GrpcServerProperties.class).getSsl();
				assertThat(ssl.getClientAuth()).isEqualTo(expected);
				assertThat(ssl.getBundle())
					.isEqualTo((expected == ClientAuth.REQUIRE) ? "spire" : "spire-without-certificate");
				assertThat(SvidBundles.findSpiffe(context.getBean(SslBundles.class), ssl.getBundle())).isNotNull();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.grpc.server.ssl.bundle=other", "spring.grpc.server.ssl.bundle=missing",
			"spring.grpc.server.ssl.bundle=spire,spring.grpc.server.ssl.enabled=false" })
	void serverWithoutTheBundleIsLeftAlone(String properties) {
		this.withoutServer.withPropertyValues("spring.ssl.bundle.pem.other.reload-on-update=false")
			.withPropertyValues(properties.split(","))
			.run((context) -> assertThat(context.getBean(GrpcServerProperties.class).getSsl().getClientAuth())
				.isEqualTo(ClientAuth.NONE));
	}

	@Test
	void serverOfDisabledIdentityStopsTheStart(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spring.grpc.server.ssl.bundle=spire").run((context) -> {
			assertThat(context).getFailure().hasStackTraceContaining(NO_SVID);
			assertThat(output).doesNotContain("client-auth", "listening on");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "optional" })
	void warnsOfClientsWithoutCertificate(String value, CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("spring.grpc.server.ssl.bundle=spire", "spring.grpc.server.ssl.client-auth=" + value)
			.run((context) -> {
				assertThat(context).getFailure().hasStackTraceContaining(NO_SVID);
				assertThat(output).containsOnlyOnce("'client-auth' is '%s': the gRPC server ".formatted(value));
			});
	}

	@Test
	void serverInsideOfTheProcessServesNothing() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(NettyServerBuilder.class))
			.withPropertyValues("spring.grpc.server.ssl.bundle=spire", "spring.grpc.server.ssl.secure=false",
					"spring.grpc.server.inprocess.name=inside")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(InProcessGrpcServerFactory.class));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			spring.grpc.server.ssl.secure=false, trusts any certificate
			spring.grpc.server.netty.transport=domain_socket, listens on a domain socket
			spring.grpc.server.netty.transport=, listens on a domain socket
			""")
	void serverThatWouldNotAskTheBundleStopsTheStart(String property, String problem) {
		String[] address = { "spring.grpc.server.port=",
				"spring.grpc.server.netty.domain-socket-path=/no/such/socket" };
		this.contextRunner.withPropertyValues(address)
			.withPropertyValues("spring.grpc.server.ssl.bundle=spire", property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("The gRPC server uses the SSL bundle of the SPIRE identity and " + problem));
	}

	@ParameterizedTest
	@ValueSource(strings = { "identity", "registered" })
	void serverWithIdentityBundleStopsTheStart(String bundle) {
		this.contextRunner
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("registered", IdentitySslBundle.of(new TestIdentity())))
			.withPropertyValues("spire.identity-bundles.identity.trust=jvm", "spring.grpc.server.ssl.bundle=" + bundle,
					"spring.main.lazy-initialization=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageStartingWith(
						"The gRPC server is configured with the SSL bundle '%s', which is for clients alone"
							.formatted(bundle)));
	}

	@Test
	void serverWithoutTlsMayNameIdentityBundle() {
		this.withoutServer
			.withPropertyValues("spire.identity-bundles.identity.trust=jvm", "spring.grpc.server.ssl.bundle=identity",
					"spring.grpc.server.ssl.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				GrpcServerFactoryCustomizer customizer = new GrpcServerBundleCustomizer(
						context.getBean(GrpcServerProperties.class), context.getBean(SslBundles.class),
						context.getBeanProvider(SpireWiring.class));
				assertThatNoException().isThrownBy(() -> customizer.customize(new OtherServerFactory()));
			});
	}

	@Test
	void serverThatIsNotOfNettyStopsTheStart() {
		this.withoutServer.withPropertyValues("spring.grpc.server.ssl.bundle=spire").run((context) -> {
			GrpcServerFactoryCustomizer customizer = new GrpcServerBundleCustomizer(
					context.getBean(GrpcServerProperties.class), context.getBean(SslBundles.class),
					context.getBeanProvider(SpireWiring.class));
			assertThatExceptionOfType(PsatStartupException.class)
				.isThrownBy(() -> customizer.customize(new OtherServerFactory()))
				.withMessageContaining("is created by OtherServerFactory, which may resume sessions");
		});
	}

	@Test
	void openSslStopsTheStart() {
		GrpcServerBundleCustomizer.checkProvider(false);
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> GrpcServerBundleCustomizer.checkProvider(true))
			.withMessageContaining("uses OpenSSL instead of the JDK");
	}

	@Test
	void applicationWithoutGrpcServerHasNothingOfIt() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SslAutoConfiguration.class, GrpcServerBundleAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.grpc"))
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(SpiffeSslBundle.class)
				.doesNotHaveBean(GrpcServerBundleCustomizer.GrpcServerClientAuth.class)
				.doesNotHaveBean(GrpcServerBundleCustomizer.class));
	}

	private static final class OtherServerFactory implements GrpcServerFactory {

		@Override
		public Server createServer() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void addService(ServerServiceDefinition service) {
		}

	}

}
