package dev.psat.benchmarks.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Captures what the library logs and shows none of it, since the trouble is intended. If
 * the library says that it continues after an unexpected error, something is wrong with
 * it.
 */
public final class LibraryLog extends AppenderBase<ILoggingEvent> {

	private final Violations violations;

	private LibraryLog(Violations violations) {
		this.violations = violations;
	}

	/**
	 * Watch the log from now on, and show nothing of it.
	 * @param violations is told of what must not be in the log
	 */
	public static void watch(Violations violations) {
		// each context would set up all logging anew
		System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
		LibraryLog log = new LibraryLog(violations);
		log.start();
		logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
		Logger library = logger("dev.psat");
		library.setLevel(Level.INFO);
		library.setAdditive(false);
		library.addAppender(log);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (event.getFormattedMessage().contains("unexpected error")) {
			this.violations.add("The library logged: " + event.getFormattedMessage() + describe(event));
		}
	}

	private static String describe(ILoggingEvent event) {
		return (event.getThrowableProxy() != null)
				? ": " + event.getThrowableProxy().getClassName() + " " + event.getThrowableProxy().getMessage() : "";
	}

	private static Logger logger(String name) {
		return (Logger) LoggerFactory.getLogger(name);
	}

}
