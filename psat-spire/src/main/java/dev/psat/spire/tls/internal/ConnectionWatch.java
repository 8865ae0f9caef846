package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.OnDemandThread;
import dev.psat.concurrent.internal.RepeatedError;

/**
 * The thread that looks at the open connections: whenever the identity changes, and when
 * the time of one is up. It begins with the first connection, and ends a minute after the
 * last, or with it once the watch is closed.
 */
final class ConnectionWatch {

	/** The system's clock may be set. */
	private static final Duration LONGEST = Duration.ofSeconds(30);

	/** Where nobody tells of changes, and after an error. */
	private static final Duration TICK = Duration.ofSeconds(1);

	private static final long TICK_MILLIS = TICK.toMillis();

	private static final Next SOON = new Next(Instant.MIN, false, true);

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final RepeatedError errors;

	private final Supplier<Next> sweep;

	private final Clock clock;

	private volatile Duration idle;

	private final OnDemandThread thread;

	private final Object monitor = new Object();

	private Instant due = Instant.MAX;

	private boolean looking;

	private boolean expecting;

	private volatile long lastOpen = System.nanoTime();

	ConnectionWatch(Supplier<Next> sweep, Clock clock, Duration idle, RepeatedError errors) {
		this.errors = errors;
		this.thread = new OnDemandThread("spire-connections", this::run, errors);
		this.sweep = sweep;
		this.clock = clock;
		this.idle = idle;
	}

	void expect(Instant due) {
		this.lastOpen = System.nanoTime();
		boolean wake;
		synchronized (this.monitor) {
			boolean earlier = due.isBefore(this.due);
			this.due = earlier ? due : this.due;
			wake = !this.looking && (earlier || !this.expecting);
			this.expecting = true;
		}
		if (wake) {
			this.waiting.wake();
		}
		this.thread.request();
	}

	void wake() {
		this.waiting.wake();
	}

	/**
	 * Have the connections looked at now, and no more once none is open.
	 */
	void close() {
		this.idle = Duration.ZERO;
		wake();
	}

	private void run() {
		boolean idle = false;
		while (!idle) {
			try {
				idle = isIdleAfterLook();
			}
			catch (Throwable ex) {
				this.errors.happened(ex);
				rest();
			}
		}
	}

	private boolean isIdleAfterLook() {
		Next next = look();
		if (next.isAnythingOpen()) {
			this.lastOpen = System.nanoTime();
		}
		else if (idleFor().compareTo(this.idle) >= 0) {
			return true;
		}
		Duration pause = next.isAnythingOpen() ? length(next) : this.idle.minus(idleFor());
		this.waiting.take(() -> sleep(pause));
		return false;
	}

	private Duration idleFor() {
		return Duration.ofNanos(System.nanoTime() - this.lastOpen);
	}

	/**
	 * Look at the connections. One that is registered meanwhile may come too late for it.
	 */
	private Next look() {
		synchronized (this.monitor) {
			this.due = Instant.MAX;
			this.expecting = false;
			this.looking = true;
		}
		Next next = swept();
		synchronized (this.monitor) {
			this.looking = false;
			this.due = next.due().isBefore(this.due) ? next.due() : this.due;
			this.expecting |= next.isAnythingOpen();
			return new Next(this.due, next.told(), this.expecting);
		}
	}

	private Next swept() {
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

	/**
	 * Pause without needing memory or a clock.
	 */
	private static void rest() {
		try {
			Thread.sleep(TICK_MILLIS);
		}
		catch (InterruptedException ex) {
			// by a stranger
		}
	}

	private Duration length(Next next) {
		// once closed, what was registered meanwhile has ended, but counts as open here
		Duration longest = (next.told() && !this.idle.isZero()) ? LONGEST : TICK;
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
	 * @param isAnythingOpen whether there are connections
	 */
	record Next(Instant due, boolean told, boolean isAnythingOpen) {

	}

}
