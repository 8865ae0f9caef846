package dev.psat.tlstests;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.psat.support.Patience;
import dev.psat.support.Torture;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads that call a server, by GET and POST in turn.
 */
final class EndLoad implements AutoCloseable {

	static final Duration PATIENCE = Patience.LIMIT;

	private static final int ENOUGH = 5;

	/** Or callers would do nothing but keep both processors busy while others wait. */
	static final Duration PAUSE = Torture.lasting(Duration.ofMillis(20), Duration.ZERO);

	/** Clients may notice the end of a connection on another thread, a little later. */
	private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

	private final List<Caller> callers = new ArrayList<>();

	private final ClientContract.Call client;

	private final URI uri;

	private final Duration pause;

	private volatile boolean over;

	EndLoad(ClientContract.Call client, URI uri, int threads) {
		this(client, uri, threads, PAUSE);
	}

	EndLoad(ClientContract.Call client, URI uri, int threads, Duration pause) {
		this.client = client;
		this.uri = uri;
		this.pause = pause;
		for (int i = 0; i < threads; i++) {
			Caller caller = new Caller("load-" + i);
			caller.setDaemon(true);
			this.callers.add(caller);
		}
		this.callers.forEach(Thread::start);
	}

	/**
	 * Wait until each thread has made some further calls.
	 */
	void goOn() {
		List<Long> before = this.callers.stream().map((caller) -> caller.ended.get()).toList();
		patiently().untilAsserted(() -> {
			for (int i = 0; i < before.size(); i++) {
				assertThat(this.callers.get(i).ended.get()).isGreaterThanOrEqualTo(before.get(i) + ENOUGH);
			}
		});
	}

	long calls() {
		return this.callers.stream().mapToLong((caller) -> caller.ended.get()).sum();
	}

	List<Throwable> failures() {
		return this.callers.stream().flatMap((caller) -> caller.failures.stream()).toList();
	}

	/**
	 * Stop calling, which no call may keep from.
	 */
	@Override
	public void close() throws InterruptedException {
		this.over = true;
		for (Caller caller : this.callers) {
			caller.join(PATIENCE.toMillis());
			assertThat(caller.isAlive()).as("%s hangs", caller).isFalse();
		}
	}

	static ConditionFactory patiently() {
		return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
	}

	private final class Caller extends Thread {

		private final AtomicLong ended = new AtomicLong();

		private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

		private Caller(String name) {
			super(name);
		}

		@Override
		public void run() {
			for (int i = 0; !EndLoad.this.over; i++) {
				try {
					URI uri = EndLoad.this.uri;
					assertThat((i % 2 == 0) ? EndLoad.this.client.get(uri) : EndLoad.this.client.post(uri))
						.isEqualTo("hello");
					rest(EndLoad.this.pause);
				}
				catch (Throwable ex) {
					this.failures.add(ex);
					rest(AFTER_FAILURE);
				}
				this.ended.incrementAndGet();
			}
		}

		private void rest(Duration duration) {
			LockSupport.parkNanos(duration.toNanos());
		}

	}

}
