package dev.psat.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.psat.support.MutableClock;
import dev.psat.support.soak.Violations;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenStatus;

/**
 * A volume with a kubelet, its readers, and its history. Changed by one thread.
 */
final class World implements AutoCloseable {

	/** How soon a source must see a change: its poll interval and a margin. */
	static final Duration BOUND = Duration.ofSeconds(7);

	final Volume volume;

	final TokenMint mint = new TokenMint();

	final MutableClock clock = MutableClock.running();

	final Ledger ledger = new Ledger();

	final Violations violations;

	private final List<Subject> subjects = new ArrayList<>();

	private String newest;

	private volatile Effect effect = Effect.NONE;

	/**
	 * The oldest publication that a subject opened now may get, when nothing is wrong.
	 */
	private volatile int settled = 1;

	/** Odd while there is a fault. */
	private volatile int turn;

	World(Volume volume, Violations violations) {
		this.volume = volume;
		this.violations = violations;
		this.newest = publish();
	}

	/**
	 * Open a context with default properties, a source that follows a user's link, and
	 * one without file events.
	 */
	void open() {
		this.subjects.add(Subject.context("soak/context", this.volume.path()));
		this.subjects.add(Subject.source("soak/link", this.volume.userLink(), this.clock, true, Duration.ofSeconds(5)));
		this.subjects
			.add(Subject.source("soak/polling", this.volume.path(), this.clock, false, Duration.ofMillis(500)));
	}

	List<Subject> subjects() {
		return this.subjects;
	}

	Effect effect() {
		return this.effect;
	}

	int settled() {
		return this.settled;
	}

	/**
	 * Return a number that changes when a fault begins, and when it is over.
	 * @return even while all is as it should be
	 */
	int turn() {
		return this.turn;
	}

	String newest() {
		return this.newest;
	}

	/**
	 * Publish a new token as kubelet does.
	 * @return the token
	 */
	String publish() {
		return publish(this.mint.token());
	}

	String publish(String token) {
		announce(token);
		this.volume.write(token);
		return token;
	}

	/**
	 * Record a token before it is written.
	 * @param token the token
	 * @return the token
	 */
	String announce(String token) {
		this.ledger.publish(token);
		this.newest = token;
		return token;
	}

	void begin(Effect effect) {
		this.turn++;
		this.effect = effect;
	}

	/**
	 * Repair everything: the clock, what is at the path, and finally the token, which is
	 * a new one.
	 * @return the {@link System#nanoTime()} just before the token was written
	 * @throws IOException if that fails
	 */
	long heal() throws IOException {
		this.clock.setAhead(Duration.ZERO);
		this.volume.clear();
		long start = System.nanoTime();
		publish();
		return start;
	}

	/**
	 * Record that everybody has the newest token.
	 */
	void healed() {
		this.effect = Effect.NONE;
		this.settled = this.ledger.last();
		this.turn++;
	}

	/**
	 * Wait until all subjects show an effect.
	 * @param effect the effect
	 * @param start the {@link System#nanoTime()} that times count from
	 * @return how long it took each, without those that never showed it
	 */
	Map<Subject, Duration> await(Effect effect, long start) {
		String fingerprint = ProjectedToken.parse(this.newest).fingerprint();
		List<Subject> waiting = new CopyOnWriteArrayList<>(this.subjects);
		Map<Subject, Duration> times = new ConcurrentHashMap<>();
		await(() -> {
			waiting.removeIf((subject) -> {
				boolean seen = effect.isSeenBy(subject, fingerprint);
				if (seen) {
					times.put(subject, Duration.ofNanos(System.nanoTime() - start));
				}
				return seen;
			});
			return waiting.isEmpty();
		});
		for (Subject subject : waiting) {
			TokenStatus status = subject.source().status();
			this.violations.add("%s did not reach %s %s within %s but is %s %s, token %s, watch %s".formatted(
					subject.cluster(), effect.tokenState(), effect.sourceState(), BOUND, status.tokenState(),
					status.sourceState(), status.token(), status.watch()));
		}
		return times;
	}

	void await(Effect effect) {
		await(effect, System.nanoTime());
	}

	/**
	 * Wait for a condition, but no longer than {@link #BOUND}.
	 * @param condition the condition
	 * @return whether it has been met
	 */
	static boolean await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + BOUND.toNanos();
		boolean come = condition.getAsBoolean();
		while (!come && System.nanoTime() < deadline) {
			pause(Duration.ofMillis(1));
			come = condition.getAsBoolean();
		}
		return come;
	}

	static void pause(Duration time) {
		LockSupport.parkNanos(time.toNanos());
	}

	@Override
	public void close() throws Exception {
		try {
			for (Subject subject : this.subjects) {
				subject.close();
			}
		}
		finally {
			this.volume.close();
		}
	}

}
