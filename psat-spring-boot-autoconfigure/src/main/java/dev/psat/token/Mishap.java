package dev.psat.token;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * An unexpected error that may come again and again: warned of once for each type, until
 * it is over. Throws nothing, since it stands at the bottom of threads, and logging
 * itself can fail.
 */
final class Mishap {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final String message;

	private final Set<Class<?>> warnedOf = ConcurrentHashMap.newKeySet();

	Mishap(String message) {
		this.message = message;
	}

	void happened(Throwable error) {
		try {
			if (this.warnedOf.add(error.getClass())) {
				logger.warn(this.message, error);
			}
		}
		catch (RuntimeException | Error ex) {
			// there is nobody left to tell
		}
	}

	void over() {
		if (!this.warnedOf.isEmpty()) {
			this.warnedOf.clear();
		}
	}

}
