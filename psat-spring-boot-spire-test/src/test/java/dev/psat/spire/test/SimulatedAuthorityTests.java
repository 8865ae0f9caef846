package dev.psat.spire.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedAuthority} beyond those of its trust bundle.
 */
class SimulatedAuthorityTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private final SlowClock clock = new SlowClock();

	private final SimulatedAuthority authority = new SimulatedAuthority("example.org", this.clock, Duration.ofHours(24),
			Duration.ofMinutes(1), null, new AtomicLong(1));

	@Test
	void taintGoesWellWithHandshakeThatRenews() throws InterruptedException {
		this.authority.rotate();
		Thread taint = daemon(this.authority::taint);
		Thread handshake = daemon(this.authority.serverCredential()::current);
		this.clock.onRead(handshake, () -> {
			taint.start();
			await().until(() -> taint.getState() == Thread.State.BLOCKED || !taint.isAlive());
		});
		handshake.start();
		handshake.join(TIMEOUT.toMillis());
		taint.join(TIMEOUT.toMillis());
		assertThat(handshake.isAlive()).isFalse();
		assertThat(taint.isAlive()).isFalse();
		assertThat(this.authority.trusted()).extracting(X509Authority::isTainted).containsExactly(true, false);
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * A clock on which something happens before one thread is told the time, which is
	 * later than all of the others are told.
	 */
	private static final class SlowClock extends Clock {

		private final Instant start = Instant.now();

		private volatile @Nullable Thread reader;

		private volatile Runnable before = () -> {
		};

		void onRead(Thread reader, Runnable before) {
			this.before = before;
			this.reader = reader;
		}

		@Override
		public Instant instant() {
			if (Thread.currentThread() != this.reader) {
				return this.start;
			}
			Runnable first = this.before;
			this.before = () -> {
			};
			first.run();
			return this.start.plus(Duration.ofMinutes(1));
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
