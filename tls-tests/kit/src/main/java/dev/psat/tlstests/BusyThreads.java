package dev.psat.tlstests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers that keep all threads of a server busy.
 */
@Configuration(proxyBeanMethods = false)
@RestController
public class BusyThreads {

	private static final String GUILTY = TlsWorld.LISTED + "/guilty";

	private final AtomicInteger begun = new AtomicInteger();

	private final CountDownLatch end = new CountDownLatch(1);

	@PostMapping("/busy")
	public void busy() throws InterruptedException {
		this.begun.incrementAndGet();
		this.end.await();
	}

	@PostMapping("/reading")
	public void reading(@RequestBody byte[] content) {
		throw new IllegalStateException("There is no end of the content");
	}

	/**
	 * Assert that connections that have ended are closed while handlers keep all threads
	 * of a server busy, and that whoever uses them is told afterwards.
	 * @param application an {@link EndApplication} with these handlers
	 * @param threads how many handlers the server runs at a time
	 */
	public static void assertDoNotKeepConnectionsOpen(TlsApplication application, int threads) {
		BusyThreads handlers = application.bean(BusyThreads.class);
		try (Clients clients = new Clients(application, "/busy", threads)) {
			TlsApplication.patiently().until(() -> handlers.begun.get() == threads);
			clients.assertEnd();
			handlers.end.countDown();
			clients.assertAreToldOf();
		}
		finally {
			handlers.end.countDown();
		}
	}

	/**
	 * Assert that connections that have ended are closed while all threads of a server
	 * wait for what their clients have yet to send, and that whoever uses them is told.
	 * @param application an {@link EndApplication} with these handlers
	 * @param threads how many handlers the server runs at a time
	 * @param areBusy returns whether all threads are busy
	 */
	public static void assertThatReadDoNotKeepConnectionsOpen(TlsApplication application, int threads,
			BooleanSupplier areBusy) {
		try (Clients clients = new Clients(application, "/reading", threads)) {
			TlsApplication.patiently().until(areBusy::getAsBoolean);
			clients.assertEnd();
			clients.assertAreToldOf();
		}
	}

	/**
	 * Clients that are silent, and others that keep threads busy, whose connections all
	 * end.
	 */
	private static final class Clients implements AutoCloseable {

		private final List<SilentClient> clients = new ArrayList<>();

		private final TlsApplication application;

		private final Policy policy;

		Clients(TlsApplication application, String path, int threads) {
			this.application = application;
			this.policy = application.bean(Policy.class);
			this.policy.invite(GUILTY);
			for (Silence silence : Silence.values()) {
				add(silence);
			}
			List<SilentClient> busy = new ArrayList<>();
			// something has to wait
			for (int i = 0; i < 2 * threads; i++) {
				busy.add(add(Silence.BETWEEN_REQUESTS));
			}
			busy.forEach((client) -> client.beginPost(path));
		}

		private SilentClient add(Silence silence) {
			SilentClient client = client(GUILTY, silence);
			this.clients.add(client);
			return client;
		}

		private SilentClient client(String spiffeId, Silence silence) {
			return new SilentClient(this.application.port("server"), this.application.world().mint(spiffeId), silence,
					"/greeting");
		}

		void assertEnd() {
			this.policy.invite(null);
			this.application.bundle().reauthorize();
			this.clients.forEach(SilentClient::assertEnds);
		}

		void assertAreToldOf() {
			Silents silents = this.application.bean(Silents.class);
			TlsApplication.patiently().untilAsserted(() -> {
				assertThat(silents.sockets()).as("WebSockets").isZero();
				assertThat(silents.listeners()).as("listeners").isZero();
			});
			try (SilentClient innocent = client(TlsWorld.LISTED, Silence.BETWEEN_REQUESTS)) {
				innocent.assertGoesOn(silents);
			}
		}

		@Override
		public void close() {
			this.policy.invite(null);
			this.clients.forEach(SilentClient::close);
		}

	}

}
