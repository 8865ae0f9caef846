package dev.psat.autoconfigure.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

import dev.psat.status.internal.SafeStatus;
import dev.psat.token.LookObserver;
import dev.psat.token.LookOutcome;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Meters for one token source. A source that does not read a file has only gauges, since
 * it neither counts rotations nor takes looks.
 */
final class SourceMeters {

	private final Tags tags;

	private final TokenSource source;

	private final BooleanSupplier usable;

	private @Nullable LookMeters looks;

	SourceMeters(String name, TokenSource source, BooleanSupplier usable) {
		this.tags = Tags.of("source", name);
		this.source = source;
		this.usable = usable;
	}

	void bindTo(MeterRegistry registry) {
		TimeGauge.builder("spire.psat.token.expires.in", this, TimeUnit.SECONDS, (meters) -> expiresIn(meters.status()))
			.tags(this.tags)
			.description("Time until the token expires, negative once it has")
			.strongReference(true)
			.register(registry);
		gauge(registry, "spire.psat.token.usable",
				"Whether the token can be used; for the default source, whether a payload is available", this.usable);
		gauge(registry, "spire.psat.token.overdue", "Whether kubelet has missed the rotation of the token",
				() -> isOverdue(status()));
		if (readsFile()) {
			counter(registry, "spire.psat.token.rotations", "Number of times the token was replaced",
					TokenStatus.Watch::rotations);
			counter(registry, "spire.psat.token.missed.events", "Changes noticed by polling alone",
					TokenStatus.Watch::missedEvents);
			this.looks = new LookMeters(registry, this.tags);
			this.source.addObserver(this.looks);
		}
	}

	/** A source keeps its observers, which then hold nothing of the registry. */
	void end() {
		if (this.looks != null) {
			this.looks.end();
		}
	}

	private void gauge(MeterRegistry registry, String name, String description, BooleanSupplier value) {
		Gauge.builder(name, value, (current) -> current.getAsBoolean() ? 1 : 0)
			.tags(this.tags)
			.description(description)
			.strongReference(true)
			.register(registry);
	}

	/**
	 * A function counter references its target weakly, so it is given the source. It
	 * never decreases, although a source that fails has no counts.
	 */
	private void counter(MeterRegistry registry, String name, String description,
			ToLongFunction<TokenStatus.Watch> value) {
		AtomicLong highest = new AtomicLong();
		FunctionCounter.builder(name, this.source, (source) -> highest.accumulateAndGet(count(value), Math::max))
			.tags(this.tags)
			.description(description)
			.register(registry);
	}

	private long count(ToLongFunction<TokenStatus.Watch> value) {
		TokenStatus.Watch watch = status().watch();
		return (watch != null) ? value.applyAsLong(watch) : 0;
	}

	/**
	 * A source that fails now may still read one, and must not lose its counters for
	 * good.
	 */
	private boolean readsFile() {
		try {
			return this.source.status().watch() != null;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private TokenStatus status() {
		return SafeStatus.of(this.source::status);
	}

	private static double expiresIn(TokenStatus status) {
		TokenStatus.Token token = status.token();
		return (token != null) ? token.expiresIn().toSeconds() : Double.NaN;
	}

	private static boolean isOverdue(TokenStatus status) {
		TokenStatus.Token token = status.token();
		return status.tokenState() == TokenState.OVERDUE
				|| (status.tokenState() == TokenState.EXPIRED && token != null && token.rotationDueAt() != null);
	}

	/** Counts looks until it has ended. */
	private static final class LookMeters implements LookObserver {

		private final Map<LookOutcome, Counter> reads = new ConcurrentHashMap<>();

		private volatile @Nullable Timer publish;

		LookMeters(MeterRegistry registry, Tags tags) {
			for (LookOutcome outcome : LookOutcome.values()) {
				this.reads.put(outcome,
						Counter.builder("spire.psat.token.reads")
							.tags(tags)
							.tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
							.description("Looks at the token file")
							.register(registry));
			}
			this.publish = Timer.builder("spire.psat.token.publish")
				.tags(tags)
				.description("Time from the cause of a look until the new token is in memory")
				.register(registry);
		}

		void end() {
			this.reads.clear();
			this.publish = null;
		}

		@Override
		public void looked(LookOutcome outcome, Duration sinceCause) {
			Counter counter = this.reads.get(outcome);
			if (counter != null) {
				counter.increment();
			}
			Timer publish = this.publish;
			if (publish != null && outcome == LookOutcome.ACCEPTED) {
				publish.record(sinceCause);
			}
		}

	}

}
