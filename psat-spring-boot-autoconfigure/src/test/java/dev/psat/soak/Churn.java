package dev.psat.soak;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

import dev.psat.token.TokenUnavailableException;

/**
 * A thread that continuously opens a context or a source, asks it once, and closes it
 * again, so that whatever one of them leaves behind adds up.
 */
final class Churn implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final World world;

	private final ReentrantLock lock = new ReentrantLock(true);

	private final Thread thread = new Thread(this::run, "churn");

	private volatile boolean ending;

	private volatile long opened;

	Churn(World world) {
		this.world = world;
		this.thread.start();
	}

	long opened() {
		return this.opened;
	}

	/**
	 * Run a task while nothing is open.
	 * @param task the task
	 */
	void pausedFor(Runnable task) {
		this.lock.lock();
		try {
			task.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.ending = true;
		this.thread.join();
	}

	private void run() {
		while (!this.ending) {
			this.lock.lock();
			try {
				turn();
			}
			catch (Exception | Error ex) {
				this.world.violations.add("A source that was opened or closed got " + ex);
			}
			finally {
				this.lock.unlock();
			}
			World.pause(PAUSE);
		}
	}

	private void turn() throws Exception {
		int turn = this.world.turn();
		int settled = this.world.settled();
		Subject subject = open();
		this.opened++;
		try (subject) {
			Instant before = subject.clock().instant();
			Reader.check(subject.attestor().payload(), before, subject, settled, this.world);
		}
		catch (TokenUnavailableException ex) {
			if (turn % 2 == 0 && this.world.turn() == turn) {
				this.world.violations.add("A source that was just opened refused: " + ex.getMessage());
			}
		}
		try {
			subject.attestor().payload();
			this.world.violations.add("A closed source answered");
		}
		catch (IllegalStateException ex) {
			// as it should
		}
	}

	private Subject open() {
		return (this.opened % 2 == 0) ? Subject.context("soak/churn-context", this.world.volume.path()) : Subject
			.source("soak/churn-source", this.world.volume.userLink(), Clock.systemUTC(), true, Duration.ofSeconds(5));
	}

}
