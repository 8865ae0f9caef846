package dev.psat.token;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.psat.concurrent.internal.RepeatedError;

/**
 * Notifies observers of looks. One that is added late learns about earlier looks as well,
 * each with the mean time of its outcome, since individual times are not kept.
 */
final class Observers {

	private final Map<LookOutcome, Sum> sums = new EnumMap<>(LookOutcome.class);

	/** Unlike another lock, a monitor survives an error in the thread that holds it. */
	private final Object monitor = new Object();

	private final Executor lines;

	/** Replaced and never changed, so that it can be iterated without the monitor. */
	private List<Observer> observers = List.of();

	Observers(Executor lines) {
		this.lines = lines;
	}

	void add(LookObserver observer) {
		Observer added = new Observer(observer,
				new RepeatedError(TokenSource.class, "An observer of looks at the token file failed", this.lines));
		Map<LookOutcome, Sum> earlier;
		synchronized (this.monitor) {
			earlier = new EnumMap<>(this.sums);
			List<Observer> observers = new ArrayList<>(this.observers);
			observers.add(added);
			this.observers = observers;
		}
		earlier.forEach((outcome, sum) -> sum.replay(outcome, added));
	}

	void looked(LookOutcome outcome, Duration sinceCause) {
		List<Observer> observers;
		synchronized (this.monitor) {
			Sum sum = this.sums.get(outcome);
			this.sums.put(outcome, (sum != null) ? sum.plus(sinceCause) : new Sum(1, sinceCause));
			observers = this.observers;
		}
		for (Observer observer : observers) {
			observer.tell(outcome, sinceCause);
			// an interrupt left behind by an observer does not concern the looking thread
			Thread.interrupted();
		}
	}

	private record Sum(long looks, Duration time) {

		Sum plus(Duration sinceCause) {
			return new Sum(this.looks + 1, this.time.plus(sinceCause));
		}

		void replay(LookOutcome outcome, Observer observer) {
			Duration mean = this.time.dividedBy(this.looks);
			for (long look = 0; look < this.looks; look++) {
				observer.tell(outcome, mean);
			}
		}

	}

	/** It may fail, which must neither end the watching nor fill the log. */
	private record Observer(LookObserver observer, RepeatedError repeatedError) {

		void tell(LookOutcome outcome, Duration sinceCause) {
			try {
				this.observer.looked(outcome, sinceCause);
				this.repeatedError.over();
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}

	}

}
