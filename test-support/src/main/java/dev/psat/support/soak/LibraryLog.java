package dev.psat.support.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Reads what the library logs and shows none of it, since the problems are intended. What
 * is expected is logged without a stack trace: if there is one, something is wrong with
 * the library.
 */
public final class LibraryLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private static final Logger LIBRARY = (Logger) LoggerFactory.getLogger("dev.psat");

	private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private static final String LOGGING_SYSTEM = "org.springframework.boot.logging.LoggingSystem";

	private final Violations violations;

	private final Level rootLevel = ROOT.getLevel();

	/**
	 * Read the log from now on.
	 * @param violations is told of what must not be in it
	 */
	public LibraryLog(Violations violations) {
		this.violations = violations;
		// each context would set up all logging anew
		System.setProperty(LOGGING_SYSTEM, "none");
		start();
		ROOT.setLevel(Level.OFF);
		LIBRARY.setLevel(Level.INFO);
		LIBRARY.setAdditive(false);
		LIBRARY.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		IThrowableProxy thrown = event.getThrowableProxy();
		if (thrown != null) {
			this.violations.add("The library logged: %s: %s: %s".formatted(event.getFormattedMessage(),
					thrown.getClassName(), thrown.getMessage()));
		}
	}

	@Override
	public void close() {
		LIBRARY.detachAppender(this);
		LIBRARY.setAdditive(true);
		LIBRARY.setLevel(null);
		ROOT.setLevel(this.rootLevel);
		System.clearProperty(LOGGING_SYSTEM);
	}

}
