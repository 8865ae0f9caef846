package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/**
 * The end of connections on Tomcat.
 */
class TomcatEndTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
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
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> webSockets() {
			return (factory) -> factory
				.addContextCustomizers((context) -> context.addServletContainerInitializer(new WsSci(), null));
		}

		@EventListener
		void addSocket(ServletWebServerInitializedEvent event) throws DeploymentException {
			ServletContext context = event.getApplicationContext().getServletContext();
			((ServerContainer) context.getAttribute(ServerContainer.class.getName()))
				.addEndpoint(ServerEndpointConfig.Builder.create(Ticker.class, "/socket").build());
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
				catch (IOException | IllegalStateException ex) {
					pace.shutdown();
				}
			}, 0, EndApplication.PACE.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
