package dev.psat.tlstests;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that calls itself without a pause while its X.509-SVID is replaced as
 * fast as new ones are issued, and occasionally the authority of the trust domain, too,
 * or the agent. It is short in ordinary builds, and long with the Maven profile
 * {@code torture}.
 */
public abstract class RotationTorture {

	/** The application may also call itself, besides the listed peers. */
	protected static final String[] CALLS_ITSELF = { "spire.psat.bundle.authorized-clients=" + TlsWorld.ORDERS,
			"spire.psat.bundle.authorized-servers=" + TlsWorld.ORDERS };

	private static final int ROTATIONS = Torture.times(20, 200);

	private static final int ROTATIONS_OF_AN_AUTHORITY = 5;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	/**
	 * Return the application.
	 * @return the application
	 */
	protected abstract TlsApplication application();

	/**
	 * Return how to reach the application.
	 * @return the target and the request
	 */
	protected Knock knock() {
		return Knock.http(application().port("server"), "/greeting");
	}

	/**
	 * Return the clients of the application, which keep their connections open.
	 * @return the clients by name
	 */
	protected abstract Map<String, ClientContract.Call> clients();

	@Test
	void noCallFailsAndEveryHandshakeShowsTheNewestSvid() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		List<Caller> callers = new ArrayList<>();
		clients().forEach((name, client) -> callers.add(new Caller(name, client, over)));
		callers.forEach(Thread::start);
		long accepted = accepted();
		long began = System.nanoTime();
		try {
			for (int i = 1; i <= ROTATIONS; i++) {
				if (i % ROTATIONS_OF_AN_AUTHORITY == 0) {
					application().replaceAuthority(() -> awaitEndOfCalls(callers));
				}
				else if (i % ROTATIONS_OF_AN_AUTHORITY == 1) {
					application().restart();
				}
				else {
					application().rotate();
				}
				assertThatHandshakeShowsNewestSvid();
			}
		}
		finally {
			over.set(true);
			for (Caller caller : callers) {
				caller.join();
			}
		}
		long handshakes = accepted() - accepted;
		Torture.tell("%d rotations and %d handshakes in %d ms while %s".formatted(ROTATIONS, handshakes,
				(System.nanoTime() - began) / 1_000_000, callers));
		assertThat(callers).allSatisfy((caller) -> {
			assertThat(caller.failures).isEmpty();
			assertThat(caller.calls.get()).isPositive();
		});
		assertThat(handshakes).as("handshakes, with those of callers that begin anew")
			.isGreaterThan((long) ROTATIONS * TlsVersion.values().length + callers.size());
	}

	/**
	 * Wait until each call that has begun by now is over.
	 */
	private static void awaitEndOfCalls(List<Caller> callers) {
		List<Long> ended = callers.stream().map(Caller::ended).toList();
		await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL_INTERVAL).untilAsserted(() -> {
			for (int i = 0; i < ended.size(); i++) {
				assertThat(callers.get(i).ended()).isGreaterThan(ended.get(i));
			}
		});
	}

	private long accepted() {
		return application().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED);
	}

	private void assertThatHandshakeShowsNewestSvid() {
		for (TlsVersion version : TlsVersion.values()) {
			Reception reception = new JavaCaller().call(knock(), version, credential());
			assertThat(reception.answered()).as(reception.output()).isTrue();
			assertThat(reception.server()).isNotNull();
			assertThat(reception.server().getSerialNumber()).isEqualTo(application().serialNumber());
		}
	}

	private Credential credential() {
		return Credential.of(application().world().server().mintX509Svid(TlsWorld.ORDERS));
	}

	private final class Caller extends Thread {

		private final ClientContract.Call client;

		private final AtomicBoolean over;

		private final AtomicLong calls = new AtomicLong();

		private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

		private Caller(String name, ClientContract.Call client, AtomicBoolean over) {
			super(name);
			this.client = client;
			this.over = over;
		}

		@Override
		public void run() {
			URI uri = URI.create(knock().url());
			while (!this.over.get() && this.failures.size() < 10) {
				try {
					assertThat(this.client.get(uri)).isEqualTo("hello");
					this.calls.incrementAndGet();
				}
				catch (Exception ex) {
					this.failures.add(ex);
				}
			}
		}

		private long ended() {
			return this.calls.get() + this.failures.size();
		}

		@Override
		public String toString() {
			return "%s made %d calls, %d of which failed".formatted(getName(), ended(), this.failures.size());
		}

	}

}
