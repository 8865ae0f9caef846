package dev.psat.tlstests.jetty;

import java.util.Objects;

import dev.psat.support.Matrix;
import dev.psat.tlstests.BusyThreads;
import dev.psat.tlstests.ConnectionSlots;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.EndContract;
import dev.psat.tlstests.QueuedRequests;
import dev.psat.tlstests.QueuedRequestsContract;
import dev.psat.tlstests.SilentEvents;
import dev.psat.tlstests.Silents;
import dev.psat.tlstests.SoftEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.WebSockets;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
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

/**
 * The end of connections on Jetty.
 */
@Matrix
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
	void connectionsEndWhileHandlersKeepAllThreadsBusy() {
		try (TlsApplication busy = TlsApplication.run(world, Busy.class, EndApplication.properties(FEW_THREADS))) {
			QueuedThreadPool threads = threads(busy);
			BusyThreads.assertDoNotKeepConnectionsOpen(busy, threads.getMaxThreads() - threads.getLeasedThreads());
		}
	}

	@Test
	void connectionsEndWhileClientsKeepAllThreadsBusy() {
		try (TlsApplication busy = TlsApplication.run(world, Busy.class, EndApplication.properties(FEW_THREADS))) {
			QueuedThreadPool threads = threads(busy);
			BusyThreads.assertThatReadDoNotKeepConnectionsOpen(busy,
					threads.getMaxThreads() - threads.getLeasedThreads(),
					() -> threads.getQueueSize() > 0 && threads.getIdleThreads() == 0);
		}
	}

	private static QueuedThreadPool threads(TlsApplication application) {
		JettyWebServer server = (JettyWebServer) Objects
			.requireNonNull(((WebServerApplicationContext) application.context()).getWebServer());
		return (QueuedThreadPool) server.getServer().getThreadPool();
	}

	@Nested
	class HardEnd extends EndContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

	}

	@Nested
	class Queue extends QueuedRequestsContract {

		@AutoClose
		private final TlsApplication queueing = TlsApplication.run(world, Queueing.class,
				EndApplication.properties(FEW_THREADS));

		@Override
		protected TlsApplication application() {
			return this.queueing;
		}

		@Override
		protected int atOnce() {
			QueuedThreadPool threads = threads(this.queueing);
			return threads.getMaxThreads() - threads.getLeasedThreads();
		}

		@Override
		protected boolean isIdle() {
			QueuedThreadPool threads = threads(this.queueing);
			return threads.getQueueSize() == 0 && threads.getUtilizedThreads() == 0;
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
			return (server) -> JakartaWebSocketServletContainerInitializer.configure(
					server.getDescendant(ServletContextHandler.class),
					(context, container) -> WebSockets.add(container, silents));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, QueuedRequests.class, NoReserve.class })
	static class Queueing {

	}

	/**
	 * Lets handlers have all threads that are not leased.
	 */
	@Configuration(proxyBeanMethods = false)
	static class NoReserve {

		@Bean
		JettyServerCustomizer noReserve() {
			return (server) -> ((QueuedThreadPool) server.getThreadPool()).setReservedThreads(0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Application.class, BusyThreads.class, NoReserve.class })
	static class Busy {

	}

}
