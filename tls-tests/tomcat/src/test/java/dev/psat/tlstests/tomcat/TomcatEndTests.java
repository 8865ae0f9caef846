package dev.psat.tlstests.tomcat;

import dev.psat.tlstests.ConnectionSlots;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.SilentEvents;
import dev.psat.tlstests.Silents;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.WebSockets;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

	@Test
	void endedConnectionsMakeRoomForOthers() {
		try (TlsApplication limited = TlsApplication.run(world, Application.class,
				EndApplication.properties("server.tomcat.max-connections=" + ConnectionSlots.NUMBER))) {
			ConnectionSlots.assertAreLeftByEndedConnections(limited);
		}
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
		 * Newer ones of the JDK take the server's word for it that a connection serves no
		 * more, and leave it to either side to close it once it has idled. Older ones
		 * close it, but Tomcat may not get to tell the engine of a reset.
		 */
		@Override
		protected boolean mayLeaveOpen(String client) {
			return client.contains("HTTP_2");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, SilentEvents.class })
	static class Application {

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> webSockets() {
			return (factory) -> factory
				.addContextCustomizers((context) -> context.addServletContainerInitializer(new WsSci(), null));
		}

		@EventListener
		void addSocket(ServletWebServerInitializedEvent event) throws DeploymentException {
			ServletContext context = event.getApplicationContext().getServletContext();
			WebSockets.add((ServerContainer) context.getAttribute(ServerContainer.class.getName()),
					event.getApplicationContext().getBean(Silents.class));
		}

	}

}
