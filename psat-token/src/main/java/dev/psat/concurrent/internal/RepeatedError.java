package dev.psat.concurrent.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An unexpected error that may occur again and again: logged once for each type of
 * exception, until it is over. Never throws, since it is the last resort of a thread and
 * logging itself can fail.
 */
public final class RepeatedError {

	private final Logger logger;

	private final String message;

	private final Executor lines;

	private final Set<Class<?>> warnedOf = ConcurrentHashMap.newKeySet();

	public RepeatedError(Class<?> loggedBy, String message) {
		this(loggedBy, message, Runnable::run);
	}

	public RepeatedError(Class<?> loggedBy, String message, Executor lines) {
		this.logger = LoggerFactory.getLogger(loggedBy);
		this.message = message;
		this.lines = lines;
	}

	public void happened(Throwable error) {
		try {
			if (this.warnedOf.add(error.getClass())) {
				this.lines.execute(() -> this.logger.warn(this.message, error));
			}
		}
		catch (RuntimeException | Error ex) {
			// there is nobody left to tell
		}
	}

	public void over() {
		if (!this.warnedOf.isEmpty()) {
			this.warnedOf.clear();
		}
	}

}
