package dev.psat.token;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that ask a source for its token all the time. None may ever be refused, get a
 * token that nobody wrote, or one older than any of them has had before.
 */
final class Readers implements AutoCloseable {

	/** Asked in a row, before a breath: others need the processors too. */
	private static final int IN_A_ROW = 100;

	private static final long BREATH_OF_EACH = TimeUnit.MICROSECONDS.toNanos(100);

	private final TokenSource source;

	private final NumberedTokens tokens;

	private final long breath;

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicInteger newest = new AtomicInteger();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private final LongAdder reads = new LongAdder();

	private volatile boolean ending;

	Readers(int count, TokenSource source, NumberedTokens tokens) {
		this.source = source;
		this.tokens = tokens;
		this.breath = BREATH_OF_EACH * count;
		for (int reader = 0; reader < count; reader++) {
			Thread thread = new Thread(this::read, "reader-" + reader);
			this.threads.add(thread);
			thread.start();
		}
	}

	/**
	 * End the readers.
	 * @return how often they have asked
	 * @throws InterruptedException if the thread is interrupted
	 */
	long end() throws InterruptedException {
		this.ending = true;
		for (Thread thread : this.threads) {
			thread.join();
		}
		assertThat(this.failure.get()).isNull();
		return this.reads.sum();
	}

	@Override
	public void close() {
		this.ending = true;
	}

	private void read() {
		long generation = 0;
		try {
			while (!this.ending) {
				for (int read = 0; read < IN_A_ROW; read++) {
					readOnce();
				}
				long present = Snapshot.generation(this.source.status());
				assertThat(present).isGreaterThanOrEqualTo(generation);
				generation = present;
				this.reads.add(IN_A_ROW);
				LockSupport.parkNanos(this.breath);
			}
		}
		catch (RuntimeException | Error ex) {
			this.failure.compareAndSet(null, ex);
		}
	}

	private void readOnce() {
		int before = this.newest.get();
		int number = this.tokens.numberOf(this.source.value());
		if (number < before) {
			throw new AssertionError("Token %d after token %d".formatted(number, before));
		}
		if (number > before) {
			this.newest.accumulateAndGet(number, Math::max);
		}
	}

}
