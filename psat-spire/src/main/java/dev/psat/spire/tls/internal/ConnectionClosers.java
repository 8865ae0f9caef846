package dev.psat.spire.tls.internal;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;

import dev.psat.concurrent.internal.RepeatedError;

/**
 * The servers that close what carries connections that have ended, since they do not
 * learn of that from an engine until there is something to read or to write. One that
 * fails hinders none of the others.
 */
final class ConnectionClosers {

	private final Set<Predicate<Set<Object>>> closers = new CopyOnWriteArraySet<>();

	private final Attempts attempts;

	ConnectionClosers(RepeatedError errors) {
		this.attempts = new Attempts(errors);
	}

	void add(Predicate<Set<Object>> closer) {
		this.closers.add(closer);
	}

	void remove(Predicate<Set<Object>> closer) {
		this.closers.remove(closer);
	}

	/**
	 * Have all servers close what has ended.
	 * @param engines the engines of the connections that have ended
	 * @return whether any of that is left
	 */
	boolean closeEnded(Set<Object> engines) {
		boolean left = false;
		for (Predicate<Set<Object>> closer : this.closers) {
			left |= this.attempts.of(() -> closer.test(engines), true);
		}
		return this.attempts.haveFailed() || left;
	}

}
