package dev.psat.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * A log in which no line can be written, until this is closed.
 */
public final class FailingLog implements AutoCloseable {

	private final Logger logger;

	private final AppenderBase<ILoggingEvent> appender;

	public FailingLog(String logger) {
		this.logger = (Logger) LoggerFactory.getLogger(logger);
		this.appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				throw new StackOverflowError("on purpose");
			}

		};
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
	}

}
