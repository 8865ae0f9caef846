package dev.psat.concurrent;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * An unexpected error that may come again and again: warned of once for each type, until
 * it is over. Throws nothing, since it stands at the bottom of threads, and logging
 * itself can fail.
 *
 * @since 0.1.0
 */
public final class Mishap {

	private final Log logger;

	private final String message;

	private final Set<Class<?>> warnedOf = ConcurrentHashMap.newKeySet();

	/**
	 * Create a mishap that did not happen yet.
	 * @param loggedBy whose logger warns of it
	 * @param message the warning, which holds nothing secret
	 */
	public Mishap(Class<?> loggedBy, String message) {
		this.logger = LogFactory.getLog(loggedBy);
		this.message = message;
	}

	/**
	 * Warn of an error, unless one of its type has been warned of and it is not over.
	 * @param error the error
	 */
	public void happened(Throwable error) {
		try {
			if (this.warnedOf.add(error.getClass())) {
				this.logger.warn(this.message, error);
			}
		}
		catch (RuntimeException | Error ex) {
			// there is nobody left to tell
		}
	}

	/**
	 * Have the next error warned of again, whatever its type.
	 */
	public void over() {
		if (!this.warnedOf.isEmpty()) {
			this.warnedOf.clear();
		}
	}

}
