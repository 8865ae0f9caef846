package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpIdentityContract;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contract of an identity bundle with the clients of the JDK and of HttpComponents,
 * and with what an application makes of it by itself.
 */
class IdentityClientTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class,
				world.withIdentityBundle("spring.main.web-application-type=none",
						"spring.http.clients.imperative.factory=http-components",
						"spring.http.clients.reactive.connector=http-components"));
	}

	@Nested
	class JdkClient extends HttpIdentityContract {

		JdkClient() {
			super(application, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.jdk(), bundle));
		}

	}

	@Matrix
	@Nested
	class SimpleClient extends HttpIdentityContract {

		SimpleClient() {
			super(application, (bundle) -> Call.of(ClientHttpRequestFactoryBuilder.simple(), bundle));
		}

	}

	@Matrix
	@Nested
	class BlockingHttpComponents extends HttpIdentityContract {

		BlockingHttpComponents() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

	}

	@Matrix
	@Nested
	class ReactiveHttpComponents extends HttpIdentityContract {

		ReactiveHttpComponents() {
			super(application, (bundle) -> Call.reactive(application, bundle));
		}

	}

	/**
	 * It begins with no algorithm at all, and would accept any host.
	 */
	@ParameterizedTest
	@EnumSource
	void socketOfContextThatIsMadeOfTheManagersChecksTheHostName(TlsVersion version) throws Exception {
		try (PeerServer right = serve("localhost", version); PeerServer wrong = serve("elsewhere.example", version)) {
			connect(managers(), right, null);
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(managers(), wrong, null));
			assertThat(wrong.connections()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void socketThatSaysThatItChecksNoHostNameIsBelieved(TlsVersion version) throws Exception {
		for (SSLContext context : new SSLContext[] { bundle().createSslContext(), managers() }) {
			try (PeerServer wrong = serve("elsewhere.example", version)) {
				connect(context, wrong, "");
				assertThat(wrong.requests()).isOne();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void socketOfTheContextChecksTheHostName(TlsVersion version) throws Exception {
		try (PeerServer right = serve("localhost", version); PeerServer wrong = serve("elsewhere.example", version)) {
			connect(bundle().createSslContext(), right, null);
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> connect(bundle().createSslContext(), wrong, null));
			assertThat(wrong.connections()).isZero();
		}
	}

	@Test
	void clientThatTheApplicationMakesOfTheContextIsVerifiedAlike() throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(bundle().createSslContext()).build();
		try (PeerServer right = serve("localhost", TlsVersion.TLS_1_3);
				PeerServer wrong = serve("elsewhere.example", TlsVersion.TLS_1_3)) {
			assertThat(client.send(HttpRequest.newBuilder(right.uri()).build(), BodyHandlers.ofString()).body())
				.isEqualTo("hello");
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> client.send(HttpRequest.newBuilder(wrong.uri()).build(), BodyHandlers.ofString()));
		}
	}

	private static void connect(SSLContext context, PeerServer server, @Nullable String algorithm) throws IOException {
		try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket("localhost", server.uri().getPort())) {
			if (algorithm != null) {
				SSLParameters parameters = socket.getSSLParameters();
				parameters.setEndpointIdentificationAlgorithm(algorithm);
				socket.setSSLParameters(parameters);
			}
			socket.getOutputStream().write("GET /closing HTTP/1.1\r\n\r\n".getBytes());
			assertThat(new String(socket.getInputStream().readAllBytes())).endsWith("hello");
		}
	}

	private static IdentitySslBundle bundle() {
		return (IdentitySslBundle) application.bean(SslBundles.class).getBundle("spire-web");
	}

	private static SSLContext managers() throws GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(bundle().getManagers().getKeyManagers(), bundle().getManagers().getTrustManagers(), null);
		return context;
	}

	private static PeerServer serve(String hostName, TlsVersion version) {
		return new HttpPeer(Credential.of(world.web(), hostName), version, CertificateRequest.REQUIRED);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/**
		 * One may be free again only after the call that used it has returned.
		 */
		@Bean
		ClientHttpConnectorBuilderCustomizer<HttpComponentsClientHttpConnectorBuilder> singleConnection() {
			return (builder) -> builder
				.withConnectionManagerCustomizer((connections) -> connections.setMaxConnPerRoute(1));
		}

	}

}
