package dev.psat.spire.tls.internal;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When the first of all connections of clients is due. While all are looked at, what was
 * found before goes on to count.
 */
final class FirstDue {

	private final AtomicReference<Moments> moments = new AtomicReference<>(new Moments(Instant.MAX, Instant.MAX));

	/**
	 * Return the moment, {@link Instant#MAX} if there is none.
	 */
	Instant get() {
		return this.moments.get().found();
	}

	/**
	 * Take a connection into account.
	 * @param due when it is due
	 */
	void expect(Instant due) {
		this.moments.updateAndGet((moments) -> moments.with(due));
	}

	/**
	 * Begin anew, since each connection will be taken into account.
	 */
	void begin() {
		this.moments.updateAndGet((moments) -> new Moments(moments.found(), Instant.MAX));
	}

	/**
	 * Forget what was found before the last beginning, since each connection has been
	 * taken into account.
	 */
	void complete() {
		this.moments.updateAndGet((moments) -> new Moments(moments.since(), moments.since()));
	}

	/**
	 * What has been found.
	 *
	 * @param found the first moment
	 * @param since the first moment since the last beginning
	 */
	private record Moments(Instant found, Instant since) {

		Moments with(Instant due) {
			return due.isBefore(this.since) ? new Moments(due.isBefore(this.found) ? due : this.found, due) : this;
		}

	}

}
