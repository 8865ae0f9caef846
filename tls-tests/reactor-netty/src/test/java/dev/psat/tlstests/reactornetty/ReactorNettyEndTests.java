package dev.psat.tlstests.reactornetty;

import java.util.Map;

import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * The end of connections on Reactor Netty.
 */
class ReactorNettyEndTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class,
				EndApplication.properties(ReactorNettyApplication.QUICK_SHUTDOWN));
	}

	@Nested
	class HardEnd extends EndContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

	}

	@Nested
	class SoftEnd extends SoftEndContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(EndApplication.class)
	static class Application {

		@Bean
		SimpleUrlHandlerMapping socket() {
			WebSocketHandler ticker = (session) -> session.send(Flux.interval(EndApplication.PACE)
				.onBackpressureDrop()
				.map((count) -> session.textMessage("tick")));
			return new SimpleUrlHandlerMapping(Map.of("/socket", ticker), -1);
		}

	}

}
