package dev.psat.autoconfigure.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import dev.psat.token.LookObserver;
import dev.psat.token.LookOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

final class LookMeters implements LookObserver {

	/** {@code null} once it has ended. */
	private volatile @Nullable Meters meters;

	LookMeters(MeterRegistry registry, Tags tags) {
		Map<LookOutcome, Counter> reads = new EnumMap<>(LookOutcome.class);
		for (LookOutcome outcome : LookOutcome.values()) {
			reads.put(outcome,
					Counter.builder("spire.psat.token.reads")
						.tags(tags)
						.tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
						.description("Looks at the token file")
						.register(registry));
		}
		this.meters = new Meters(reads,
				Timer.builder("spire.psat.token.publish")
					.tags(tags)
					.description("Time from the cause of a look until the new token is in memory")
					.register(registry));
	}

	/** Count no further looks, and hold no meters any longer. */
	void end() {
		this.meters = null;
	}

	@Override
	public void looked(LookOutcome outcome, Duration sinceCause) {
		Meters meters = this.meters;
		if (meters != null) {
			meters.looked(outcome, sinceCause);
		}
	}

	private record Meters(Map<LookOutcome, Counter> reads, Timer publish) {

		void looked(LookOutcome outcome, Duration sinceCause) {
			Counter counter = this.reads.get(outcome);
			if (counter != null) {
				counter.increment();
			}
			if (outcome == LookOutcome.ACCEPTED) {
				this.publish.record(sinceCause);
			}
		}

	}

}
