package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import dev.psat.concurrent.internal.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builder for a {@link TokenSource} that keeps the newest token of a file in memory.
 *
 * @since 0.1.0
 */
public final class TokenSourceBuilder {

	/** The leeway of the Kubernetes API server. */
	static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(60);

	private static final Duration LONGEST_CLOCK_SKEW = Duration.ofMinutes(10);

	private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofMillis(100);

	private static final Duration LONGEST_POLL_INTERVAL = Duration.ofHours(24);

	private static final Logger logger = LoggerFactory.getLogger(TokenSource.class);

	private final Path path;

	private List<String> audiences = Collections.emptyList();

	private Duration clockSkew = DEFAULT_CLOCK_SKEW;

	private Duration pollInterval = Duration.ofSeconds(5);

	private boolean watch = true;

	private Time time = Time.ofSystem();

	private final List<LookObserver> observers = new ArrayList<>();

	TokenSourceBuilder(Path path) {
		Objects.requireNonNull(path, "'path' must not be null");
		this.path = path;
	}

	/**
	 * Set the audiences of which a token must carry one. By default, any token is
	 * accepted.
	 * @param audiences the audiences; none to accept any token
	 * @return this builder
	 */
	public TokenSourceBuilder audience(String... audiences) {
		Objects.requireNonNull(audiences, "'audiences' must not be null");
		this.audiences = List.of(audiences);
		return this;
	}

	/**
	 * Set the leeway on {@code nbf} and {@code exp}. Defaults to one minute.
	 * @param clockSkew the leeway, from 0 to 10 minutes
	 * @return this builder
	 * @throws IllegalArgumentException if it is out of bounds
	 */
	public TokenSourceBuilder clockSkew(Duration clockSkew) {
		Objects.requireNonNull(clockSkew, "'clockSkew' must not be null");
		if (clockSkew.isNegative() || clockSkew.compareTo(LONGEST_CLOCK_SKEW) > 0) {
			throw new IllegalArgumentException("'clockSkew' must be between 0 and 10 minutes");
		}
		this.clockSkew = clockSkew;
		return this;
	}

	/**
	 * Set how often the content of the file is compared. Defaults to every 5 seconds;
	 * while something is wrong, at least every second.
	 * @param pollInterval the interval, from 100 milliseconds to 24 hours
	 * @return this builder
	 * @throws IllegalArgumentException if it is out of bounds
	 */
	public TokenSourceBuilder pollInterval(Duration pollInterval) {
		Objects.requireNonNull(pollInterval, "'pollInterval' must not be null");
		if (pollInterval.compareTo(SHORTEST_POLL_INTERVAL) < 0 || pollInterval.compareTo(LONGEST_POLL_INTERVAL) > 0) {
			throw new IllegalArgumentException("'pollInterval' must be between 100 milliseconds and 24 hours");
		}
		this.pollInterval = pollInterval;
		return this;
	}

	/**
	 * Set whether to use file events in addition to polling. Defaults to {@code true}.
	 * @param watch whether to use file events
	 * @return this builder
	 */
	public TokenSourceBuilder watch(boolean watch) {
		this.watch = watch;
		return this;
	}

	/**
	 * Set the clock by which to judge the validity of a token. Defaults to the system
	 * clock.
	 * @param clock the clock
	 * @return this builder
	 */
	public TokenSourceBuilder clock(Clock clock) {
		Objects.requireNonNull(clock, "'clock' must not be null");
		this.time = Time.of(clock);
		return this;
	}

	TokenSourceBuilder time(Time time) {
		this.time = time;
		return this;
	}

	/**
	 * Add an observer that is notified of every look.
	 * @param observer the observer
	 * @return this builder
	 */
	public TokenSourceBuilder observer(LookObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		this.observers.add(observer);
		return this;
	}

	/**
	 * Build the source. It takes its first look in the background immediately, and
	 * watches the file once {@linkplain TokenSource#start() started}.
	 * @return the source, which must be closed
	 */
	public TokenSource build() {
		if (this.audiences.isEmpty()) {
			logger.warn("Tokens from {} are accepted regardless of their audience: set the expected one.", this.path);
		}
		FileTokenSource source = new FileTokenSource(this.path, new TokenJudge(this.audiences, this.clockSkew),
				this.watch, this.time, Intervals.withPoll(this.pollInterval));
		for (LookObserver observer : this.observers) {
			source.addObserver(observer);
		}
		source.lookInBackground();
		return source;
	}

}
