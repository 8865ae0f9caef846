package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.psat.tlstests.ConnectionSlots;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.QueuedRequests;
import dev.psat.tlstests.Silents;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

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

	@Test
	void requestsThatWaitForTheirTurnDoNotBeginAfterTheEnd() {
		try (TlsApplication queueing = TlsApplication.run(world, Queueing.class, EndApplication.properties())) {
			// as many as Tomcat serves at a time on a connection
			QueuedRequests.assertDoNotBeginAfterTheEnd(queueing, 20, () -> isIdle(queueing));
		}
	}

	@Test
	void requestsThatWereSentAtOnceDoNotBeginAfterTheEnd() {
		try (TlsApplication queueing = TlsApplication.run(world, Queueing.class, EndApplication.properties())) {
			QueuedRequests.assertDoNotFollowAfterTheEnd(queueing, () -> isIdle(queueing));
		}
	}

	private static boolean isIdle(TlsApplication application) {
		ThreadPoolExecutor threads = (ThreadPoolExecutor) tomcat(application).getConnector()
			.getProtocolHandler()
			.getExecutor();
		return threads.getQueue().isEmpty() && threads.getActiveCount() == 0;
	}

	private static Tomcat tomcat(TlsApplication application) {
		return ((TomcatWebServer) Objects
			.requireNonNull(((WebServerApplicationContext) application.context()).getWebServer())).getTomcat();
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
			ServerContainer container = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
			container.addEndpoint(ServerEndpointConfig.Builder.create(Ticker.class, "/socket").build());
			Silents silents = event.getApplicationContext().getBean(Silents.class);
			container.addEndpoint(ServerEndpointConfig.Builder.create(Listener.class, "/silent-socket")
				.configurator(new ServerEndpointConfig.Configurator() {

					@Override
					public <T> T getEndpointInstance(Class<T> type) {
						return type.cast(new Listener(silents));
					}

				})
				.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, QueuedRequests.class })
	static class Queueing {

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

		@GetMapping("/silent")
		SseEmitter silent() {
			SseEmitter emitter = new SseEmitter(0L);
			emitter.onError((ex) -> this.silents.hasLeft(emitter));
			emitter.onCompletion(() -> this.silents.hasLeft(emitter));
			this.silents.listens(emitter, () -> send(emitter));
			send(emitter);
			return emitter;
		}

		private static void send(SseEmitter emitter) {
			try {
				emitter.send(Silents.EVENT);
			}
			catch (IOException | IllegalStateException ex) {
				emitter.completeWithError(ex);
			}
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

	/**
	 * Says nothing.
	 */
	public static class Listener extends Endpoint {

		private final Silents silents;

		Listener(Silents silents) {
			this.silents = silents;
		}

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			this.silents.opened(this);
		}

		@Override
		public void onClose(Session session, CloseReason reason) {
			this.silents.closed(this);
		}

	}

}
