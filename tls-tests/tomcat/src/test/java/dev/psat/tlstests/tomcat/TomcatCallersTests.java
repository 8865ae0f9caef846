package dev.psat.tlstests.tomcat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.stream.Stream;

import dev.psat.spire.security.SpiffeX509AuthenticationFilter;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.tomcat.SpiffeTomcatConnectorCustomizer;
import dev.psat.tlstests.CallersContract;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.KeptConnection;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.servlet.http.HttpSession;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.valves.SSLValve;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract on Tomcat, where one connector serves both bundles, each to a host of its
 * own that it does not compare with the header, another one serves a bundle with a
 * separate policy, a valve turns headers into certificates, forwarded headers are
 * believed, and there are sessions.
 */
class TomcatCallersTests extends CallersContract {

	private static final String SPIRE_HOST = "localhost";

	private static final String SESSION_PATH = "/session";

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		partners = new Partners(world);
		application = run(world);
	}

	private static TlsApplication run(TlsWorld world) {
		return TlsApplication.run(world, Application.class, Stream.concat(world.classicBundle(),
				Stream.of(Partners.properties(false, false, "server.port=0", "server.ssl.bundle=classic",
						"server.ssl.client-auth=need", "server.ssl.server-name-bundles[0].server-name=" + SPIRE_HOST,
						"server.ssl.server-name-bundles[0].bundle=spire", "server.http2.enabled=true", KEEP,
						"server.forward-headers-strategy=framework")))
			.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected KeptConnection spire(Credential credential) {
		return new KeptConnection(spirePort(), SPIRE_HOST, credential);
	}

	@Override
	protected Partners partners() {
		return partners;
	}

	@Override
	protected int classicPort() {
		return spirePort();
	}

	@Override
	protected String turnedAway() {
		return "403";
	}

	@Test
	void certificateInHeaderIdentifiesNobody() {
		String header = "ssl_client_escaped_cert: " + escaped(world.credential(Peer.LISTED));
		try (KeptConnection connection = classic(world.credential(Peer.FOREIGN))) {
			assertThat(connection.get(PATH, header)).isEqualTo("403");
		}
		try (KeptConnection connection = spire(world.credential(Peer.BELOW_PATH))) {
			assertThat(connection.get(PATH, header)).isEqualTo(TlsWorld.BELOW_PATH);
		}
	}

	@Test
	void policyOfTheBundleIsAskedOnOtherConnectorsToo() {
		try (KeptConnection connection = new KeptConnection(Ports.additional(application), null,
				world.credential(Peer.STRANGER))) {
			assertThat(connection.get(PATH)).isEqualTo("403");
		}
		try (KeptConnection connection = new KeptConnection(Ports.additional(application), null,
				world.credential(Peer.LISTED))) {
			assertThat(connection.get(PATH)).isEqualTo(TlsWorld.LISTED);
		}
	}

	@Test
	void sessionBelongsToItsCallerAlone() {
		String cookie;
		try (KeptConnection connection = spire(world.credential(Peer.LISTED))) {
			String session = connection.get(SESSION_PATH);
			cookie = "Cookie: JSESSIONID=" + session;
			assertThat(connection.get(SESSION_PATH, cookie)).isEqualTo(session);
			assertThat(connection.get(PATH, cookie)).isEqualTo(TlsWorld.LISTED);
		}
		try (KeptConnection connection = classic(world.credential(Peer.FOREIGN))) {
			assertThat(connection.get(PATH, cookie)).isEqualTo("403");
		}
		try (KeptConnection connection = spire(world.credential(Peer.LISTED))) {
			cookie = "Cookie: JSESSIONID=" + connection.get(SESSION_PATH);
		}
		try (KeptConnection connection = spire(world.credential(Peer.BELOW_PATH))) {
			assertThat(connection.get(PATH, cookie)).isEqualTo(TlsWorld.BELOW_PATH);
		}
	}

	@Test
	void callerWithIntermediateIsKnownByItsConnection() {
		try (TlsWorld upstream = new TlsWorld(SimulatedSpireServerBuilder::upstreamAuthority);
				TlsApplication application = run(upstream)) {
			Credential caller = upstream.credential(Peer.LISTED);
			assertThat(caller.chain()).hasSize(2);
			try (KeptConnection connection = new KeptConnection(application.port("server"), SPIRE_HOST, caller)) {
				assertThat(connection.get(PATH)).isEqualTo(TlsWorld.LISTED);
			}
		}
	}

	private static String escaped(Credential credential) {
		try {
			String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
				.encodeToString(credential.leaf().getEncoded());
			return URLEncoder.encode("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n",
					StandardCharsets.US_ASCII);
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebSecurity
	@RestController
	static class Application {

		@GetMapping(PATH)
		String caller(Principal caller) {
			return caller.getName();
		}

		@GetMapping(SESSION_PATH)
		String session(HttpSession session) {
			return session.getId();
		}

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http, SpiffeSslBundle bundle) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.addFilter(new SpiffeX509AuthenticationFilter(bundle, Application::load))
				.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.ALWAYS))
				.build();
		}

		private static UserDetails load(String id) {
			if (id.equals(UNKNOWN)) {
				throw new UsernameNotFoundException("Nobody knows " + id);
			}
			return new User(id, "", AuthorityUtils.NO_AUTHORITIES);
		}

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> valveAndPolicedConnector(SpiffeSslBundle bundle) {
			return (factory) -> {
				factory.addEngineValves(new SSLValve());
				factory.addConnectorCustomizers((connector) -> connector.setProperty("strictSni", "false"));
				Connector connector = new Connector();
				connector.setPort(0);
				new SpiffeTomcatConnectorCustomizer(bundle.authorizing((peer) -> true)).customize(connector);
				factory.addAdditionalConnectors(connector);
			};
		}

	}

}
