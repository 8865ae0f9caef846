package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.psat.concurrent.InterruptibleWait;
import dev.psat.concurrent.OnDemandThread;
import dev.psat.concurrent.RepeatedError;
import dev.psat.spire.tls.TlsIdentity;

/**
 * The thread that looks at the open connections: whenever the identity changes, and when
 * the time of one is up. It begins with the first connection, and ends a minute after the
 * last.
 */
final class ConnectionWatch {

	/** The system's clock may be set. */
	private static final Duration LONGEST = Duration.ofSeconds(30);

	/** Where nobody tells of changes, and after an error. */
	private static final Duration TICK = Duration.ofSeconds(1);

	private static final Next SOON = new Next(Instant.MIN, false, false);

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final RepeatedError errors = new RepeatedError(TlsIdentity.class,
			"Open connections could not be looked at. They will be in a second");

	private final Supplier<Next> sweep;

	private final Clock clock;

	private final Duration idle;

	private final OnDemandThread thread = new OnDemandThread("spire-connections", this::run, this.errors);

	private volatile Instant due = Instant.MAX;

	/**
	 * Create a watch without a thread.
	 * @param sweep looks at the connections
	 * @param clock the clock
	 * @param idle how long the thread lives without any connection
	 */
	ConnectionWatch(Supplier<Next> sweep, Clock clock, Duration idle) {
		this.sweep = sweep;
		this.clock = clock;
		this.idle = idle;
	}

	/**
	 * Watch a connection that has been registered.
	 * @param due when its time is up
	 */
	void expect(Instant due) {
		this.thread.request();
		if (due.isBefore(this.due)) {
			this.waiting.wake();
		}
	}

	/**
	 * Have the connections looked at now, if there are any.
	 */
	void wake() {
		this.waiting.wake();
	}

	private void run() {
		long lastOpen = System.nanoTime();
		while (true) {
			// whoever comes during the look may come too late for it
			this.due = Instant.MAX;
			Next next = look();
			this.due = next.due();
			if (!next.nothingOpen()) {
				lastOpen = System.nanoTime();
			}
			else if (System.nanoTime() - lastOpen >= this.idle.toNanos()) {
				return;
			}
			pause(next);
		}
	}

	private Next look() {
		try {
			Next next = this.sweep.get();
			this.errors.over();
			return next;
		}
		catch (Throwable ex) {
			this.errors.happened(ex);
			return SOON;
		}
	}

	private void pause(Next next) {
		try {
			Duration pause = next.nothingOpen() ? this.idle : length(next);
			this.waiting.take(() -> sleep(pause));
		}
		catch (Throwable ex) {
			this.errors.happened(ex);
		}
	}

	private Duration length(Next next) {
		Duration longest = next.told() ? LONGEST : TICK;
		Instant now = this.clock.instant();
		if (next.due().isAfter(now.plus(longest))) {
			return longest;
		}
		// a moment later, since the last moment still counts
		Duration until = Duration.between(now, next.due()).plusMillis(1);
		return (until.compareTo(Duration.ZERO) > 0) ? until : TICK;
	}

	private static boolean sleep(Duration pause) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(pause.toNanos());
		return false;
	}

	/**
	 * When to look again.
	 *
	 * @param due when the time of a connection is up
	 * @param told whether the identity tells of changes
	 * @param nothingOpen whether there are no connections
	 */
	record Next(Instant due, boolean told, boolean nothingOpen) {

	}

}
