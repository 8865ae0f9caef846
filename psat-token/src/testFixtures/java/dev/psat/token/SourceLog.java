package dev.psat.token;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

import static org.awaitility.Awaitility.await;

/**
 * Keeps what the token package logs while this is open, but for the line that each token
 * gets, and keeps it off the console, which thousands of tokens would fill.
 */
public final class SourceLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.psat.token");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	public SourceLog() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (!event.getFormattedMessage().startsWith("Token sha256:")) {
			this.events.add(event);
		}
	}

	List<String> warnings() {
		return at(Level.WARN);
	}

	public List<String> infos() {
		return at(Level.INFO);
	}

	/**
	 * Let every log statement of the token package fail.
	 * @return ends that
	 */
	static AutoCloseable failing() {
		TurboFilter filter = new TurboFilter() {

			@Override
			public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
					Object @Nullable [] params, @Nullable Throwable error) {
				if (logger.getName().startsWith("dev.psat.token") && level.isGreaterOrEqual(Level.INFO)) {
					throw new IllegalStateException("on purpose");
				}
				return FilterReply.NEUTRAL;
			}

		};
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		context.addTurboFilter(filter);
		return () -> context.getTurboFilterList().remove(filter);
	}

	/**
	 * Wait until the sources have logged what they have noticed.
	 */
	public static void awaitLines() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> RunningThreads.named("psat-token-log").isEmpty());
	}

	private List<String> at(Level level) {
		awaitLines();
		return this.events.stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setAdditive(true);
		stop();
	}

}
