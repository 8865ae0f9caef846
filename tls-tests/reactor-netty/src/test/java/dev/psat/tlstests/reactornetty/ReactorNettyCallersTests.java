package dev.psat.tlstests.reactornetty;

import java.security.Principal;
import java.util.stream.Stream;

import dev.psat.spire.security.SpiffeX509AuthenticationWebFilter;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.support.Matrix;
import dev.psat.tlstests.CallersContract;
import dev.psat.tlstests.Partners;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import io.netty.handler.ssl.ClientAuth;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The contract on Reactor Netty, where a second server with the classic bundle has the
 * same handler, and forwarded headers are believed.
 */
@Matrix
class ReactorNettyCallersTests extends CallersContract {

	@AutoClose
	private static TlsWorld world;

	@AutoClose
	private static Partners partners;

	private static TlsApplication application;

	private static DisposableServer classic;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		partners = new Partners(world);
		application = TlsApplication.run(world, Application.class,
				Stream.concat(world.classicBundle(),
						Stream.of(Partners.properties(false, false, "server.port=0", "server.ssl.bundle=spire",
								"server.http2.enabled=true", KEEP, "server.forward-headers-strategy=framework",
								ReactorNettyApplication.QUICK_SHUTDOWN)))
					.toArray(String[]::new));
		SslManagerBundle managers = application.bean(SslBundles.class).getBundle("classic").getManagers();
		Http2SslContextSpec tls = Http2SslContextSpec.forServer(managers.getKeyManagerFactory())
			.configure((builder) -> builder.trustManager(managers.getTrustManagerFactory())
				.clientAuth(ClientAuth.REQUIRE));
		classic = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
			.secure((spec) -> spec.sslContext((SslProvider.GenericSslContextSpec<?>) tls))
			.handle(new ReactorHttpHandlerAdapter(application.bean(HttpHandler.class)))
			.bindNow();
	}

	@AfterAll
	static void stop() {
		classic.disposeNow();
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
		return classic.port();
	}

	@Override
	protected String turnedAway() {
		return "401";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	@RestController
	static class Application {

		@GetMapping(PATH)
		String caller(Principal caller) {
			return caller.getName();
		}

		@Bean
		SecurityWebFilterChain filterChain(ServerHttpSecurity http, SpiffeSslBundle bundle) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.addFilterAt(new SpiffeX509AuthenticationWebFilter(bundle, Application::find),
						SecurityWebFiltersOrder.AUTHENTICATION)
				.build();
		}

		private static Mono<UserDetails> find(String id) {
			return id.equals(UNKNOWN) ? Mono.empty() : Mono.just(new User(id, "", AuthorityUtils.NO_AUTHORITIES));
		}

	}

}
