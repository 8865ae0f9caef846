package dev.psat.tlstests.reactornetty;

import java.util.Map;

import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
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
class ReactorNettyEndTests extends EndContract {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class, "server.port=0", "server.ssl.bundle=policed",
				"server.http2.enabled=true", ReactorNettyApplication.QUICK_SHUTDOWN);
	}

	@Override
	protected TlsApplication application() {
		return application;
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
