package dev.psat.tlstests.jetty;

import java.security.Principal;
import java.util.stream.Stream;

import dev.psat.spire.security.SpiffeX509AuthenticationFilter;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.CallersContract;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The contract on Jetty, which believes forwarded headers, and serves the classic bundle
 * by a second connector.
 */
@Matrix
class JettyCallersTests extends CallersContract {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		partners = new Partners(world);
		application = TlsApplication.run(world, Application.class,
				Stream
					.concat(world.classicBundle(),
							Stream.of(Partners.properties(false, false, "server.port=0", "server.ssl.bundle=spire",
									"server.http2.enabled=true", KEEP, "server.forward-headers-strategy=native")))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Partners partners() {
		return partners;
	}

	@Override
	protected int classicPort() {
		return Ports.additional(application);
	}

	@Override
	protected String turnedAway() {
		return "403";
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

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http, SpiffeSslBundle bundle) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.addFilter(new SpiffeX509AuthenticationFilter(bundle, Application::load))
				.build();
		}

		private static UserDetails load(String id) {
			if (id.equals(UNKNOWN)) {
				throw new UsernameNotFoundException("Nobody knows " + id);
			}
			return new User(id, "", AuthorityUtils.NO_AUTHORITIES);
		}

		@Bean
		JettyServerCustomizer classicConnector(SslBundles bundles) {
			return (server) -> server.addConnector(connector(server, bundles));
		}

		private static ServerConnector connector(Server server, SslBundles bundles) {
			SslContextFactory.Server ssl = new SslContextFactory.Server();
			ssl.setSslContext(bundles.getBundle("classic").createSslContext());
			ssl.setNeedClientAuth(true);
			HttpConfiguration http = new HttpConfiguration();
			http.addCustomizer(new SecureRequestCustomizer(false));
			http.addCustomizer(new ForwardedRequestCustomizer());
			ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
			return new ServerConnector(server, new SslConnectionFactory(ssl, alpn.getProtocol()), alpn,
					new HTTP2ServerConnectionFactory(http), new HttpConnectionFactory(http));
		}

	}

}
