package dev.psat.spire.internal;

import java.util.Collection;
import java.util.stream.Collectors;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of what happens to an identity. A line that cannot be written undoes nothing of
 * it. Since a log may also hang, whatever was issued is kept and published before.
 */
public final class IdentityLog {

	private static final Logger logger = LoggerFactory.getLogger(SpireIdentity.class);

	private static final int MOST_NAMES = 10;

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"What happened to the SPIRE identity could not be logged");

	public void debug(String line, @Nullable Object... arguments) {
		log(() -> logger.debug(line, arguments));
	}

	public void tell(boolean news, String line, @Nullable Object... arguments) {
		if (news) {
			info(line, arguments);
		}
		else {
			debug(line, arguments);
		}
	}

	public void info(String line, @Nullable Object... arguments) {
		log(() -> logger.info(line, arguments));
	}

	public void warn(String line, @Nullable Object... arguments) {
		log(() -> logger.warn(line, arguments));
	}

	public void error(String line, @Nullable Object... arguments) {
		log(() -> logger.error(line, arguments));
	}

	private void log(Runnable writing) {
		try {
			writing.run();
			this.repeatedError.over();
		}
		// including undeclared exceptions: a log appender need not be written in Java
		catch (Throwable ex) {
			this.repeatedError.happened(ex);
		}
	}

	/** Of limited length, since their number is up to others. */
	public static String names(Collection<String> names) {
		String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", ", "[", ""));
		int more = names.size() - MOST_NAMES;
		return first + ((more > 0) ? " and " + more + " more]" : "]");
	}

}
