package dev.psat.token;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the token package logs while this is open, but for the line that each token
 * gets, and keeps it off the console, which thousands of tokens would fill.
 */
final class SourceLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.psat.token");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	SourceLog() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (!event.getMessage().startsWith("Token sha256:")) {
			this.events.add(event);
		}
	}

	List<String> warnings() {
		return at(Level.WARN);
	}

	List<String> infos() {
		return at(Level.INFO);
	}

	private List<String> at(Level level) {
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
