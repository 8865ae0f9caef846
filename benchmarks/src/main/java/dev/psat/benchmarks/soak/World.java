package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenStatus;

/**
 * A volume with a kubelet, who reads it, and what went on in it. Changed by one thread.
 */
final class World implements AutoCloseable {

	/** Within this a source has to see what there is: its poll interval and a margin. */
	static final Duration BOUND = Duration.ofSeconds(7);

	private final Volume volume = new Volume();

	private final TokenMint mint = new TokenMint();

	private final MovableClock clock = new MovableClock();

	private final Ledger ledger = new Ledger();

	private final Violations violations;

	private final List<Subject> subjects = new ArrayList<>();

	private String newest;

	private volatile Effect effect = Effect.NONE;

	/** What a subject that is opened now gets at least, when nothing is wrong. */
	private volatile int settled = 1;

	private volatile boolean troubled;

	World(Violations violations) throws IOException {
		this.violations = violations;
		this.newest = publish();
	}

	/**
	 * Open a context with the properties' defaults, a source that comes by a link of the
	 * user's, and one that has no file events.
	 */
	void open() {
		this.subjects.add(Subject.context("soak/context", this.volume.path()));
		this.subjects.add(Subject.source("soak/link", this.volume.userLink(), this.clock, true, Duration.ofSeconds(5)));
		this.subjects
			.add(Subject.source("soak/polling", this.volume.path(), this.clock, false, Duration.ofMillis(500)));
	}

	Volume volume() {
		return this.volume;
	}

	TokenMint mint() {
		return this.mint;
	}

	MovableClock clock() {
		return this.clock;
	}

	Ledger ledger() {
		return this.ledger;
	}

	Violations violations() {
		return this.violations;
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

	boolean isTroubled() {
		return this.troubled;
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
	 * Note a token before it is written.
	 * @param token the token
	 * @return the token
	 */
	String announce(String token) {
		this.ledger.publish(token);
		this.newest = token;
		return token;
	}

	void begin(Effect effect) {
		this.troubled = true;
		this.effect = effect;
	}

	/**
	 * Mend everything: the clock, what is at the path, and last the token, which is a new
	 * one.
	 * @return the {@link System#nanoTime()} just before the token was written
	 * @throws IOException if that fails
	 */
	long heal() throws IOException {
		this.clock.step(Duration.ZERO);
		this.volume.clear();
		long start = System.nanoTime();
		publish();
		return start;
	}

	/**
	 * Take notice that everybody has the newest token.
	 */
	void healed() {
		this.effect = Effect.NONE;
		this.settled = this.ledger.last();
		this.troubled = false;
	}

	/**
	 * Wait until all subjects show an effect.
	 * @param effect the effect
	 * @param start the {@link System#nanoTime()} that times count from
	 * @return how long it took each, those left out that never showed it
	 */
	Map<Subject, Duration> await(Effect effect, long start) {
		String fingerprint = ProjectedToken.parse(this.newest).fingerprint();
		List<Subject> waiting = new ArrayList<>(this.subjects);
		Map<Subject, Duration> times = new HashMap<>();
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
			this.violations.add("%s did not come to %s %s within %s but is %s %s, generation %d, watch %s".formatted(
					subject.cluster(), effect.tokenState(), effect.sourceState(), BOUND, status.tokenState(),
					status.sourceState(), status.generation(), status.watch()));
		}
		return times;
	}

	void await(Effect effect) {
		await(effect, System.nanoTime());
	}

	/**
	 * Wait for something, but no longer than {@link #BOUND}.
	 * @param condition what to wait for
	 * @return whether it has come
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
