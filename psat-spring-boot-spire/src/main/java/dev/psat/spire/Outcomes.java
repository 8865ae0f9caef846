package dev.psat.spire;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.psat.concurrent.Mishap;
import org.jspecify.annotations.Nullable;

/**
 * Notifies observers of outcomes.
 */
final class Outcomes {

	static final String SUCCESS = "success";

	private final List<SpireObserver> observers = new CopyOnWriteArrayList<>();

	private final Mishap mishap = new Mishap(SpireIdentity.class, "An observer of the SPIRE identity failed");

	void add(SpireObserver observer) {
		this.observers.add(observer);
	}

	void remove(SpireObserver observer) {
		this.observers.remove(observer);
	}

	void attested(@Nullable VisitException failure, Duration time) {
		tell((observer) -> observer.attested(outcome(failure), time));
	}

	void renewed(@Nullable VisitException failure) {
		tell((observer) -> observer.renewed(outcome(failure)));
	}

	void refreshed(@Nullable VisitException failure) {
		tell((observer) -> observer.refreshed(outcome(failure)));
	}

	void jwtSvidRequested(@Nullable VisitException failure, Duration time) {
		tell((observer) -> observer.jwtSvidRequested(outcome(failure), time));
	}

	private void tell(Consumer<SpireObserver> call) {
		for (SpireObserver observer : this.observers) {
			try {
				call.accept(observer);
			}
			// including undeclared ones: an observer need not be written in Java
			catch (Throwable ex) {
				this.mishap.happened(ex);
			}
		}
	}

	private static String outcome(@Nullable VisitException failure) {
		return (failure != null) ? failure.reason().toLowerCase(Locale.ROOT).replace('_', '-') : SUCCESS;
	}

}
