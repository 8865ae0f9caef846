package dev.psat.tlstests.reactornetty;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLException;

import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpClient;

import org.springframework.boot.ssl.SslBundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What becomes of the managers of an identity bundle in a context that a library makes of
 * them and keeps, as many do that are built on Netty.
 */
class NettyContextTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, ReactorNettyApplication.class,
				world.withIdentityBundle("spring.main.web-application-type=none", "server.port=0"));
	}

	@ParameterizedTest
	@EnumSource
	void checksTheHostNameEvenIfTheLibraryDoesNotAskForIt(TlsVersion version) throws Exception {
		for (String algorithm : new @Nullable String[] { "HTTPS", null }) {
			SslContext context = context(algorithm);
			try (PeerServer right = serve("localhost", version);
					PeerServer wrong = serve("elsewhere.example", version)) {
				assertThat(get(context, right)).endsWith("hello");
				assertThatException().as("%s", algorithm).isThrownBy(() -> get(context, wrong));
				assertThat(wrong.connections()).isZero();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void libraryThatSaysThatItChecksNoHostNameIsBelieved(TlsVersion version) throws Exception {
		try (PeerServer wrong = serve("elsewhere.example", version)) {
			assertThat(get(context(""), wrong)).endsWith("hello");
		}
	}

	/**
	 * The documentation says so.
	 */
	@ParameterizedTest
	@EnumSource
	void resumesSessionsWithTheSvidOfTheFirstConnection(TlsVersion version) throws Exception {
		SslContext context = context("HTTPS");
		List<BigInteger> expected = new ArrayList<>();
		try (PeerServer server = serve("localhost", version)) {
			BigInteger first = application.serialNumber();
			for (int i = 0; i < 3; i++) {
				expected.add(first);
				assertThat(get(context, server)).endsWith("hello");
				application.rotate();
			}
			assertThat(server.clients()).extracting(X509Certificate::getSerialNumber).isEqualTo(expected);
		}
	}

	private static SslContext context(@Nullable String algorithm) throws SSLException {
		IdentitySslBundle bundle = (IdentitySslBundle) application.bean(SslBundles.class).getBundle("spire-web");
		return SslContextBuilder.forClient()
			.keyManager(bundle.getManagers().getKeyManagerFactory())
			.trustManager(bundle.getManagers().getTrustManagerFactory())
			.endpointIdentificationAlgorithm(algorithm)
			.build();
	}

	/**
	 * Call a server without HTTP, since Reactor Netty's HTTP client asks for the host
	 * name by itself.
	 */
	private static @Nullable String get(SslContext context, PeerServer server) {
		Connection connection = TcpClient.create()
			.host("localhost")
			.port(server.uri().getPort())
			.secure((spec) -> spec.sslContext(context))
			.connectNow(Duration.ofSeconds(30));
		CompletableFuture<@Nullable String> answer = connection.inbound().receive().aggregate().asString().toFuture();
		connection.outbound().sendString(Mono.just("GET /closing HTTP/1.1\r\n\r\n")).then().block();
		return answer.join();
	}

	private static PeerServer serve(String hostName, TlsVersion version) {
		return new HttpPeer(Credential.of(world.web(), hostName), version, CertificateRequest.REQUIRED);
	}

}
