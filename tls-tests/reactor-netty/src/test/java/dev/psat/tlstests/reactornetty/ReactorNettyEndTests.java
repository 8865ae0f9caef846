package dev.psat.tlstests.reactornetty;

import java.util.Map;

import dev.psat.support.Matrix;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.Silents;
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
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * The end of connections on Reactor Netty.
 */
@Matrix
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
	@Import({ EndApplication.class, SilentEvents.class })
	static class Application {

		@Bean
		SimpleUrlHandlerMapping sockets(Silents silents) {
			WebSocketHandler ticker = (session) -> session.send(Flux.interval(EndApplication.PACE)
				.onBackpressureDrop()
				.map((count) -> session.textMessage("tick")));
			WebSocketHandler listener = (session) -> {
				silents.opened(session);
				return session.receive().then().doFinally((signal) -> silents.closed(session));
			};
			return new SimpleUrlHandlerMapping(Map.of("/socket", ticker, "/silent-socket", listener), -1);
		}

	}

	/**
	 * Events, the first of which is followed by silence.
	 */
	@RestController
	static class SilentEvents {

		private final Silents silents;

		SilentEvents(Silents silents) {
			this.silents = silents;
		}

		@GetMapping(path = "/silent", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> silent() {
			return Flux.create((events) -> {
				events.onDispose(() -> this.silents.hasLeft(events));
				this.silents.listens(events, () -> events.next(Silents.EVENT));
				events.next(Silents.EVENT);
			});
		}

	}

}
