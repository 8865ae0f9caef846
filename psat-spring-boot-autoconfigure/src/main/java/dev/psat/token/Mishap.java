package dev.psat.token;

import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * An unexpected error that may come again and again: warned of once, until it is over.
 * Throws nothing, since it stands at the bottom of threads, and logging itself can fail.
 */
final class Mishap {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final String message;

	private final AtomicReference<@Nullable Class<?>> warnedOf = new AtomicReference<>();

	Mishap(String message) {
		this.message = message;
	}

	void happened(Throwable error) {
		try {
			if (this.warnedOf.getAndSet(error.getClass()) != error.getClass()) {
				logger.warn(this.message, error);
			}
		}
		catch (RuntimeException | Error ex) {
			// there is nobody left to tell
		}
	}

	void over() {
		if (this.warnedOf.get() != null) {
			this.warnedOf.set(null);
		}
	}

}
