package dev.psat.tlstests.jetty;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.psat.tlstests.BusyThreads;
import dev.psat.tlstests.ConnectionSlots;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.QueuedRequests;
import dev.psat.tlstests.Silents;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The end of connections on Jetty.
 */
class JettyEndTests {

	/** One fewer, and Jetty would not start. */
	private static final String[] FEW_THREADS = { "server.jetty.threads.min=1", "server.jetty.threads.max=4",
			"server.jetty.threads.acceptors=1", "server.jetty.threads.selectors=1" };

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class, EndApplication.properties());
	}

	@Test
	void endedConnectionsMakeRoomForOthers() {
		try (TlsApplication limited = TlsApplication.run(world, Application.class,
				EndApplication.properties("server.jetty.max-connections=" + ConnectionSlots.NUMBER))) {
			ConnectionSlots.assertAreLeftByEndedConnections(limited);
		}
	}

	@Test
	void requestsThatWereSentAtOnceDoNotBeginAfterTheEnd() {
		try (TlsApplication queueing = TlsApplication.run(world, Queueing.class, EndApplication.properties())) {
			QueuedThreadPool threads = (QueuedThreadPool) jetty(queueing).getThreadPool();
			QueuedRequests.assertDoNotFollowAfterTheEnd(queueing,
					() -> threads.getQueueSize() == 0 && threads.getUtilizedThreads() == 0);
		}
	}

	@Test
	void connectionsEndWhileHandlersKeepAllThreadsBusy() {
		try (TlsApplication busy = TlsApplication.run(world, Busy.class, EndApplication.properties(FEW_THREADS))) {
			QueuedThreadPool threads = (QueuedThreadPool) jetty(busy).getThreadPool();
			BusyThreads.assertDoNotKeepConnectionsOpen(busy, threads.getMaxThreads() - threads.getLeasedThreads());
		}
	}

	@Test
	void connectionsEndWhileClientsKeepAllThreadsBusy() {
		try (TlsApplication busy = TlsApplication.run(world, Busy.class, EndApplication.properties(FEW_THREADS))) {
			QueuedThreadPool threads = (QueuedThreadPool) jetty(busy).getThreadPool();
			BusyThreads.assertThatReadDoNotKeepConnectionsOpen(busy, threads.getMaxThreads() - threads.getLeasedThreads(),
					() -> threads.getQueueSize() > 0 && threads.getIdleThreads() == 0);
		}
	}

	private static Server jetty(TlsApplication application) {
		return ((JettyWebServer) Objects
			.requireNonNull(((WebServerApplicationContext) application.context()).getWebServer())).getServer();
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
		JettyServerCustomizer webSockets(Silents silents) {
			return (server) -> JakartaWebSocketServletContainerInitializer
				.configure(server.getDescendant(ServletContextHandler.class), (context, container) -> {
					container.addEndpoint(ServerEndpointConfig.Builder.create(Ticker.class, "/socket").build());
					container.addEndpoint(ServerEndpointConfig.Builder.create(Listener.class, "/silent-socket")
						.configurator(new ServerEndpointConfig.Configurator() {

							@Override
							public <T> T getEndpointInstance(Class<T> type) {
								return type.cast(new Listener(silents));
							}

						})
						.build());
				});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, QueuedRequests.class })
	static class Queueing {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Application.class, BusyThreads.class })
	static class Busy {

		@Bean
		JettyServerCustomizer noReserve() {
			return (server) -> ((QueuedThreadPool) server.getThreadPool()).setReservedThreads(0);
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
				catch (IOException | RuntimeException ex) {
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
