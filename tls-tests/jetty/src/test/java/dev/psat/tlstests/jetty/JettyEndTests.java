package dev.psat.tlstests.jetty;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The end of connections on Jetty.
 */
class JettyEndTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class, EndApplication.properties());
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

		/**
		 * Newer ones take the server's word for it that a connection serves no more, and
		 * leave it to either side to close it once it has idled.
		 */
		@Override
		protected boolean mayLeaveOpen(String client) {
			return client.contains("HTTP_2") && Runtime.version().feature() >= 25;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(EndApplication.class)
	static class Application {

		@Bean
		JettyServerCustomizer webSockets() {
			return (server) -> JakartaWebSocketServletContainerInitializer
				.configure(server.getDescendant(ServletContextHandler.class), (context, container) -> container
					.addEndpoint(ServerEndpointConfig.Builder.create(Ticker.class, "/socket").build()));
		}

	}

	/**
	 * Speaks until it cannot.
	 */
	public static class Ticker extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
			pace.scheduleWithFixedDelay(() -> {
				try {
					session.getBasicRemote().sendText("tick");
				}
				catch (IOException | RuntimeException ex) {
					pace.shutdown();
				}
			}, 0, EndApplication.PACE.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
