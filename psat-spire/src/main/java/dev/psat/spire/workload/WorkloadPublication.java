package dev.psat.spire.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import dev.psat.concurrent.internal.LogThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Announcer;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.Renewal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the snapshot, which anyone can read without a lock. It survives a stop. */
final class WorkloadPublication {

	private static final Logger logger = LoggerFactory.getLogger(SpireIdentity.class);

	/**
	 * For how long an X.509-SVID is used that the agent has ceased to offer. An agent
	 * that learns of one entry in the place of another refuses for up to a second.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(30);

	private final AtomicReference<WorkloadSnapshot> snapshot;

	/**
	 * Whoever asks may hold the lock of a connection, and the clock has others to tell.
	 */
	private final LogThread lines;

	private final Time time;

	private final Announcer announcer;

	WorkloadPublication(WorkloadDoor.Settings settings, Runnable changed) {
		this.snapshot = new AtomicReference<>(WorkloadSnapshot.of(settings.federatesWith()));
		this.time = settings.time();
		this.lines = new LogThread("psat-spire-log",
				new RepeatedError(SpireIdentity.class, "What has become of an X.509-SVID could not be logged"),
				this.time);
		this.announcer = new Announcer(this::news, changed);
	}

	Instant now() {
		return this.time.now();
	}

	WorkloadSnapshot snapshot() {
		return this.snapshot.get();
	}

	/**
	 * Unless the run that wants to is over: a thread of it may have been kept from
	 * ending.
	 */
	Change update(BooleanSupplier over, UnaryOperator<WorkloadSnapshot> change) {
		WorkloadSnapshot before;
		WorkloadSnapshot after;
		do {
			before = snapshot();
			after = over.getAsBoolean() ? before : change.apply(before);
		}
		while (!this.snapshot.compareAndSet(before, after));
		announce();
		return new Change(before, after);
	}

	static Renewal withdrawal(Time time) {
		return new Renewal(time.nanos(), PATIENCE, time.now().plus(PATIENCE));
	}

	/** Whatever the agent has offered goes with the X.509-SVID. */
	void withdrawIfDue() {
		current();
		announce();
	}

	/**
	 * Without an X.509-SVID that must no longer be used. Whoever asks tells so: after a
	 * stop, there is no clock.
	 */
	WorkloadSnapshot current() {
		WorkloadSnapshot before = snapshot();
		HeldSvid svid = before.svid();
		Renewal withdrawal = before.withdrawal();
		if (svid == null || withdrawal == null || !withdrawal.isDue(this.time)) {
			return before;
		}
		WorkloadSnapshot withdrawn = before.withdrawn();
		if (!this.snapshot.compareAndSet(before, withdrawn)) {
			return snapshot();
		}
		warn("{} is no longer used: for {} seconds, the agent has not offered it", svid.svid().spiffeId(),
				PATIENCE.toSeconds());
		return withdrawn;
	}

	/** Without waiting for the log, which may hang. */
	void warn(String line, @Nullable Object... arguments) {
		this.lines.execute(() -> logger.warn(line, arguments));
	}

	void announce() {
		this.announcer.announce();
	}

	private Announcer.News news() {
		WorkloadSnapshot snapshot = snapshot();
		HeldSvid svid = snapshot.svid();
		SpireStatus.@Nullable Bundle bundle = (snapshot.trust().own() != null) ? snapshot.trust().shown() : null;
		return Announcer.News.of(snapshot.stateAt(this.time.now()), (svid != null) ? svid.generation() : 0, bundle,
				snapshot.trust().federation().generation());
	}

	/** With no other change in between. */
	record Change(WorkloadSnapshot before, WorkloadSnapshot after) {

	}

}
