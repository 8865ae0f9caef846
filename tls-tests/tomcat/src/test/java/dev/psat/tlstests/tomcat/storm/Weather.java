package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Whether anything may be wrong at the moment. It never changes during a call.
 */
final class Weather {

	private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

	private final Duration longestCall;

	private boolean calm = true;

	/**
	 * Create calm weather.
	 * @param longestCall nobody may call for longer
	 */
	Weather(Duration longestCall) {
		this.longestCall = longestCall;
	}

	/**
	 * Set whether every call has to be answered from now on, while nobody calls.
	 * @param calm whether nothing is wrong
	 */
	void set(boolean calm) {
		whileNobodyCalls(() -> this.calm = calm);
	}

	/**
	 * Do something while nobody calls.
	 * @param task what to do
	 * @throws IllegalStateException if somebody calls for too long
	 */
	void whileNobodyCalls(Runnable task) {
		lock();
		try {
			task.run();
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	private void lock() {
		try {
			if (!this.lock.writeLock().tryLock(this.longestCall.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("A call has not ended within " + this.longestCall);
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let somebody call.
	 * @param call is told whether nothing is wrong
	 */
	void during(Call call) {
		this.lock.readLock().lock();
		try {
			call.make(this.calm);
		}
		finally {
			this.lock.readLock().unlock();
		}
	}

	/**
	 * Something that somebody does all the time.
	 */
	interface Call {

		/**
		 * Do it once.
		 * @param calm whether it must succeed
		 */
		void make(boolean calm);

	}

}
