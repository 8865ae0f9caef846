package dev.psat.soak;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.psat.AttestationPayload;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that continuously asks an attestor for its payload and checks each one.
 */
final class Reader implements AutoCloseable {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private final Subject subject;

	private final World world;

	private final Thread thread;

	private volatile boolean ending;

	private volatile long reads;

	private volatile long refusals;

	private int newest = 1;

	Reader(Subject subject, World world) {
		this.subject = subject;
		this.world = world;
		this.thread = new Thread(this::run, "reader-" + subject.cluster());
		this.thread.start();
	}

	long reads() {
		return this.reads;
	}

	long refusals() {
		return this.refusals;
	}

	@Override
	public void close() throws InterruptedException {
		this.ending = true;
		this.thread.join();
	}

	private void run() {
		while (!this.ending) {
			try {
				read();
			}
			catch (RuntimeException | Error ex) {
				this.world.violations.add("%s got %s".formatted(this.subject.cluster(), ex));
			}
			LockSupport.parkNanos(PAUSE);
		}
	}

	private void read() {
		Effect effect = this.world.effect();
		Instant before = this.subject.clock().instant();
		AttestationPayload payload = null;
		TokenState refused = null;
		try {
			payload = this.subject.attestor().payload();
		}
		catch (TokenUnavailableException ex) {
			refused = ex.tokenState();
		}
		if (payload != null) {
			this.reads++;
			this.newest = check(payload, before, this.subject, this.newest, this.world);
		}
		else {
			this.refusals++;
			if (!effect.allows(refused) && !this.world.effect().allows(refused)) {
				this.world.violations.add("%s was refused: %s".formatted(this.subject.cluster(), refused));
			}
		}
	}

	/**
	 * Check that a payload is what it should be.
	 * @param payload the payload
	 * @param before when it was requested
	 * @param subject the subject that returned it
	 * @param newest the newest publication that was read before
	 * @param world the world, which knows what was published
	 * @return the newest publication that has been read now
	 */
	static int check(AttestationPayload payload, Instant before, Subject subject, int newest, World world) {
		// the last millisecond counts, and a clock may have been stepped in between
		long asked = Math.min(before.toEpochMilli(), subject.clock().millis());
		if (asked > payload.expiresAt().plus(Subject.CLOCK_SKEW).toEpochMilli()) {
			world.violations.add(subject.cluster() + " handed out an expired token");
		}
		String token = token(payload, subject.cluster());
		if (token == null) {
			world.violations.add(subject.cluster() + " handed out a payload that is none, or of another cluster");
			return newest;
		}
		Integer publication = world.ledger.publication(token, newest);
		if (publication == null) {
			world.ledger.suspect(token, subject.cluster());
			return newest;
		}
		return publication;
	}

	private static @Nullable String token(AttestationPayload payload, String cluster) {
		String text = new String(payload.toBytes(), StandardCharsets.UTF_8);
		String start = "{\"cluster\":\"%s\",\"token\":\"".formatted(cluster);
		return (text.startsWith(start) && text.endsWith("\"}")) ? text.substring(start.length(), text.length() - 2)
				: null;
	}

}
