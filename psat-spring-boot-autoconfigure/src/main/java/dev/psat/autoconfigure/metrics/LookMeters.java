package dev.psat.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.psat.token.LookObserver;
import dev.psat.token.LookOutcome;

/**
 * Meters of the looks at the file. The first look comes before there is a registry, so
 * they count by themselves.
 */
final class LookMeters implements LookObserver, MeterBinder {

	private static final int MOST_EARLY = 16;

	private final Map<LookOutcome, LongAdder> looks;

	private final List<Duration> early = new ArrayList<>();

	private final List<Timer> timers = new ArrayList<>();

	private final ReentrantLock lock = new ReentrantLock();

	LookMeters() {
		Map<LookOutcome, LongAdder> looks = new EnumMap<>(LookOutcome.class);
		for (LookOutcome outcome : LookOutcome.values()) {
			looks.put(outcome, new LongAdder());
		}
		this.looks = Collections.unmodifiableMap(looks);
	}

	@Override
	public void looked(LookOutcome outcome, Duration sinceCause) {
		LongAdder counted = this.looks.get(outcome);
		if (counted != null) {
			counted.increment();
		}
		if (outcome == LookOutcome.ACCEPTED) {
			record(sinceCause);
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.looks.forEach(
				(outcome, counted) -> FunctionCounter.builder("spire.psat.token.reads", counted, LongAdder::doubleValue)
					.tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
					.description("Looks at the file of the token")
					.register(registry));
		Timer timer = Timer.builder("spire.psat.token.publish")
			.description("Time from what caused a look to the new token in memory")
			.register(registry);
		this.lock.lock();
		try {
			this.early.forEach(timer::record);
			this.timers.add(timer);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void record(Duration sinceCause) {
		this.lock.lock();
		try {
			if (this.timers.isEmpty() && this.early.size() < MOST_EARLY) {
				this.early.add(sinceCause);
			}
			this.timers.forEach((timer) -> timer.record(sinceCause));
		}
		finally {
			this.lock.unlock();
		}
	}

}
