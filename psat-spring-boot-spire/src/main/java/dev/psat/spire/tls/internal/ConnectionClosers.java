package dev.psat.spire.tls.internal;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BooleanSupplier;

import dev.psat.concurrent.RepeatedError;

/**
 * The servers that close what carries connections that have ended, since they do not
 * learn of that from an engine until there is something to read or to write. One that
 * fails hinders none of the others.
 */
final class ConnectionClosers {

	private final Set<BooleanSupplier> closers = new CopyOnWriteArraySet<>();

	private final RepeatedError errors;

	ConnectionClosers(RepeatedError errors) {
		this.errors = errors;
	}

	void add(BooleanSupplier closer) {
		this.closers.add(closer);
	}

	void remove(BooleanSupplier closer) {
		this.closers.remove(closer);
	}

	/**
	 * Have all servers close what has ended.
	 * @return whether any of that is left
	 */
	boolean closeEnded() {
		boolean left = false;
		for (BooleanSupplier closer : this.closers) {
			try {
				left |= closer.getAsBoolean();
			}
			catch (Throwable ex) {
				this.errors.happened(ex);
				left = true;
			}
		}
		if (!left) {
			this.errors.over();
		}
		return left;
	}

}
