package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at the open connections: whenever the identity changes, and when
 * the time of one is up. It begins with the first connection, and ends a minute after the
 * last, or with it once the watch is closed.
 */
final class ConnectionWatch {

	/** The system's clock may be set. */
	private static final Duration LONGEST = Duration.ofSeconds(30);

	/** Where nobody tells of changes. */
	private static final Duration TICK = Duration.ofSeconds(1);

	private static final Next SOON = new Next(Instant.MIN, false, true);

	private final Supplier<Next> sweep;

	private final Time time;

	private volatile Duration idle;

	private final Loop loop;

	private final Object monitor = new Object();

	private Instant due = Instant.MAX;

	private boolean looking;

	private boolean expecting;

	private volatile long lastOpen;

	ConnectionWatch(Supplier<Next> sweep, Time time, Duration idle, RepeatedError errors) {
		this.loop = new Loop("spire-connections", (cue) -> pauseAfterLook(), errors, time);
		this.sweep = sweep;
		this.time = time;
		this.idle = idle;
		this.lastOpen = time.nanos();
	}

	void expect(Instant due) {
		this.lastOpen = this.time.nanos();
		boolean wake;
		synchronized (this.monitor) {
			boolean earlier = due.isBefore(this.due);
			this.due = earlier ? due : this.due;
			wake = !this.looking && (earlier || !this.expecting);
			this.expecting = true;
		}
		if (wake) {
			wake();
		}
		this.loop.start();
	}

	void wake() {
		this.loop.nudge();
	}

	/** Have the connections looked at now, and no more once none is open. */
	void close() {
		this.idle = Duration.ZERO;
		wake();
	}

	private @Nullable Duration pauseAfterLook() {
		Next next = look();
		if (next.isAnythingOpen()) {
			this.lastOpen = this.time.nanos();
			return length(next);
		}
		Duration left = this.idle.minusNanos(this.time.nanos() - this.lastOpen);
		return (left.compareTo(Duration.ZERO) > 0) ? left : null;
	}

	// a connection that is registered meanwhile may come too late for this look
	private Next look() {
		synchronized (this.monitor) {
			this.due = Instant.MAX;
			this.expecting = false;
			this.looking = true;
		}
		try {
			return looked(this.sweep.get());
		}
		catch (Throwable ex) {
			looked(SOON);
			throw ex;
		}
	}

	private Next looked(Next next) {
		synchronized (this.monitor) {
			this.looking = false;
			this.due = next.due().isBefore(this.due) ? next.due() : this.due;
			this.expecting |= next.isAnythingOpen();
			return new Next(this.due, next.told(), this.expecting);
		}
	}

	private Duration length(Next next) {
		// once closed, what was registered meanwhile has ended, but counts as open here
		Duration longest = (next.told() && !this.idle.isZero()) ? LONGEST : TICK;
		Instant now = this.time.now();
		if (next.due().isAfter(now.plus(longest))) {
			return longest;
		}
		// a moment later, since the last moment still counts
		Duration until = Duration.between(now, next.due()).plusMillis(1);
		return (until.compareTo(Duration.ZERO) > 0) ? until : TICK;
	}

	/**
	 * When the time of the next connection is up, whether the identity tells of changes,
	 * and whether there are connections.
	 */
	record Next(Instant due, boolean told, boolean isAnythingOpen) {

	}

}
