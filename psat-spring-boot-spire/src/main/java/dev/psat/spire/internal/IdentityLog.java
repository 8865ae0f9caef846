package dev.psat.spire.internal;

import java.util.function.Consumer;

import dev.psat.concurrent.RepeatedError;
import dev.psat.spire.SpireIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * The log of what happens to an identity. A line that cannot be written undoes nothing of
 * it. Since a log may also hang, whatever was issued is kept and published before.
 */
public final class IdentityLog {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"What happened to the SPIRE identity could not be logged");

	public void debug(String line, Throwable cause) {
		log((any) -> logger.debug(any, cause), line);
	}

	public void info(LogMessage line) {
		log(logger::info, line);
	}

	public void warn(LogMessage line) {
		log(logger::warn, line);
	}

	public void error(LogMessage line) {
		log(logger::error, line);
	}

	private void log(Consumer<Object> level, Object line) {
		try {
			level.accept(line);
			this.repeatedError.over();
		}
		// including undeclared exceptions: a log appender need not be written in Java
		catch (Throwable ex) {
			this.repeatedError.happened(ex);
		}
	}

}
