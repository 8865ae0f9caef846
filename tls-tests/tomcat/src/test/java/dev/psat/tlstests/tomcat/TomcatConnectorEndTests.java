package dev.psat.tlstests.tomcat;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.Matrix;
import dev.psat.tlstests.BusyThreads;
import dev.psat.tlstests.EndApplication;
import dev.psat.tlstests.QueuedRequests;
import dev.psat.tlstests.QueuedRequestsContract;
import dev.psat.tlstests.SilentEndContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The end of connections on Tomcat with each of its connectors, and on each kind of
 * thread.
 */
class TomcatConnectorEndTests {

	private static final String[] FEW_THREADS = { "server.tomcat.threads.min-spare=1", "server.tomcat.threads.max=2" };

	private static final String VIRTUAL_THREADS = "spring.threads.virtual.enabled=true";

	@AutoClose
	private static TlsWorld world;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
	}

	private static TlsApplication run(Class<?> source, String... properties) {
		return TlsApplication.run(world, source, EndApplication.properties(properties));
	}

	private static ProtocolHandler handler(TlsApplication application) {
		return ((TomcatWebServer) Objects
			.requireNonNull(((WebServerApplicationContext) application.context()).getWebServer())).getTomcat()
			.getConnector()
			.getProtocolHandler();
	}

	@Nested
	class Nio {

		@Test
		void connectionsEndWhileHandlersKeepAllThreadsBusy() {
			try (TlsApplication busy = run(Busy.class, FEW_THREADS)) {
				BusyThreads.assertDoNotKeepConnectionsOpen(busy, 2);
			}
		}

		@Test
		void connectionsEndWhileClientsKeepAllThreadsBusy() {
			try (TlsApplication busy = run(Busy.class, FEW_THREADS)) {
				BusyThreads.assertThatReadDoNotKeepConnectionsOpen(busy, 2, () -> areBusy(busy));
			}
		}

		@Nested
		class Queue extends TomcatQueue {

			Queue() {
				super(run(Queueing.class));
			}

		}

	}

	@Matrix
	@Nested
	class Nio2 {

		@Test
		void connectionsEndWhileHandlersKeepAllThreadsBusy() {
			try (TlsApplication busy = run(Nio2Busy.class, FEW_THREADS)) {
				BusyThreads.assertDoNotKeepConnectionsOpen(busy, 2);
			}
		}

		@Test
		void connectionsEndWhileClientsKeepAllThreadsBusy() {
			try (TlsApplication busy = run(Nio2Busy.class, FEW_THREADS)) {
				BusyThreads.assertThatReadDoNotKeepConnectionsOpen(busy, 2, () -> areBusy(busy));
			}
		}

		@Nested
		class Queue extends TomcatQueue {

			Queue() {
				super(run(Nio2Queueing.class));
			}

		}

		@Nested
		class Silent extends SilentEndContract {

			@AutoClose
			private final TlsApplication application = run(Nio2Silent.class);

			@Override
			protected TlsApplication application() {
				return this.application;
			}

		}

	}

	@Matrix
	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21)
	class VirtualThreads {

		@Nested
		class Queue extends TomcatQueue {

			Queue() {
				super(run(Queueing.class, VIRTUAL_THREADS));
			}

		}

	}

	private static boolean areBusy(TlsApplication application) {
		ThreadPoolExecutor threads = (ThreadPoolExecutor) handler(application).getExecutor();
		return threads.getActiveCount() == threads.getMaximumPoolSize() && !threads.getQueue().isEmpty();
	}

	/**
	 * The contract on Tomcat.
	 */
	private abstract static class TomcatQueue extends QueuedRequestsContract {

		@AutoClose
		private final TlsApplication application;

		TomcatQueue(TlsApplication application) {
			this.application = application;
		}

		@Override
		protected TlsApplication application() {
			return this.application;
		}

		/**
		 * As many as Tomcat serves at a time on a connection.
		 */
		@Override
		protected int atOnce() {
			return 20;
		}

		@Override
		protected boolean isIdle() {
			Executor executor = handler(this.application).getExecutor();
			if (executor instanceof ThreadPoolExecutor threads) {
				return threads.getQueue().isEmpty() && threads.getActiveCount() == 0;
			}
			return ((CountingExecutor) executor).isIdle();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ EndApplication.class, QueuedRequests.class })
	static class Queueing {

		/**
		 * Virtual threads are not counted.
		 */
		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> counting() {
			return (factory) -> factory.addProtocolHandlerCustomizers((handler) -> {
				Executor executor = handler.getExecutor();
				if (executor != null) {
					handler.setExecutor(new CountingExecutor(executor));
				}
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ TomcatEndTests.Application.class, BusyThreads.class })
	static class Busy {

	}

	@Configuration(proxyBeanMethods = false)
	static class Nio2Protocol {

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> nio2() {
			return (factory) -> factory.setProtocol(Http11Nio2Protocol.class.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Nio2Protocol.class, Queueing.class })
	static class Nio2Queueing {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Nio2Protocol.class, Busy.class })
	static class Nio2Busy {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Nio2Protocol.class, TomcatEndTests.Application.class })
	static class Nio2Silent {

	}

	/**
	 * Counts what has not ended.
	 */
	private static final class CountingExecutor implements Executor {

		private final AtomicInteger tasks = new AtomicInteger();

		private final Executor executor;

		CountingExecutor(Executor executor) {
			this.executor = executor;
		}

		@Override
		public void execute(Runnable task) {
			this.tasks.incrementAndGet();
			this.executor.execute(() -> {
				try {
					task.run();
				}
				finally {
					this.tasks.decrementAndGet();
				}
			});
		}

		boolean isIdle() {
			return this.tasks.get() == 0;
		}

	}

}
