package dev.psat.spire.tls.internal;

import java.util.function.Supplier;

import dev.psat.concurrent.internal.RepeatedError;

/**
 * Does one thing after another, whatever becomes of those before.
 */
final class Attempts {

	private final RepeatedError errors;

	private boolean failed;

	Attempts(RepeatedError errors) {
		this.errors = errors;
	}

	void of(Runnable attempt) {
		of(() -> {
			attempt.run();
			return true;
		}, false);
	}

	<T> T of(Supplier<T> attempt, T otherwise) {
		try {
			return attempt.get();
		}
		catch (Throwable ex) {
			this.failed = true;
			this.errors.happened(ex);
			return otherwise;
		}
	}

	/**
	 * Return whether anything has failed since the last time.
	 */
	boolean haveFailed() {
		boolean failed = this.failed;
		this.failed = false;
		if (!failed) {
			this.errors.over();
		}
		return failed;
	}

}
