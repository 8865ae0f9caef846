package dev.psat.spire.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.client.SpireException;
import org.jspecify.annotations.Nullable;

/**
 * Notifies observers of outcomes.
 */
public final class Outcomes {

	static final String SUCCESS = "success";

	private static final String UNEXPECTED = outcome(VisitException.OwnReason.UNEXPECTED.name());

	private final List<SpireObserver> observers = new CopyOnWriteArrayList<>();

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"An observer of the SPIRE identity failed");

	public static SpireObserver.Request attestation() {
		return SpireObserver.Request.builder(SpireObserver.Request.Type.ATTESTATION).build();
	}

	public static SpireObserver.Request x509Svid() {
		return SpireObserver.Request.builder(SpireObserver.Request.Type.X509_SVID).build();
	}

	public static SpireObserver.Request jwtSvid(Collection<String> audience) {
		return SpireObserver.Request.builder(SpireObserver.Request.Type.JWT_SVID)
			.audience(List.copyOf(audience))
			.build();
	}

	public void add(SpireObserver observer) {
		this.observers.add(observer);
	}

	public void remove(SpireObserver observer) {
		for (SpireObserver each : this.observers) {
			if (each.equals(observer)) {
				// by the same instance, since the list has a lock
				this.observers.removeIf((other) -> other == each);
			}
		}
	}

	/**
	 * Make a request, of whose beginning and end observers are notified.
	 * @param <T> the type of the answer
	 * @param <X> the type of the failure
	 * @param request what is requested
	 * @param call makes the request
	 * @return the answer
	 * @throws X if the request failed
	 */
	public <T, X extends Exception> T observed(SpireObserver.Request request, Call<T, X> call) throws X {
		SpireObserver[] observers = this.observers.toArray(SpireObserver[]::new);
		// created before, since there may be no memory left once an observer has begun
		SpireObserver.@Nullable Ending[] endings = new SpireObserver.Ending[observers.length];
		String outcome = UNEXPECTED;
		try {
			begin(request, observers, endings);
			T answer = call.make();
			outcome = SUCCESS;
			return answer;
		}
		catch (Exception ex) {
			outcome = outcomeOf(ex);
			throw ex;
		}
		finally {
			end(endings, outcome);
		}
	}

	private void begin(SpireObserver.Request request, SpireObserver[] observers,
			SpireObserver.@Nullable Ending[] endings) {
		for (int i = 0; i < observers.length; i++) {
			try {
				endings[i] = observers[i].requesting(request);
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}
	}

	private void end(SpireObserver.@Nullable Ending[] endings, String outcome) {
		for (int i = endings.length - 1; i >= 0; i--) {
			try {
				SpireObserver.Ending ending = endings[i];
				if (ending != null) {
					ending.ended(outcome);
				}
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}
	}

	public void attested(@Nullable VisitException failure, Duration time) {
		tell((observer) -> observer.attested(outcomeOf(failure), time));
	}

	public void renewed(@Nullable VisitException failure) {
		tell((observer) -> observer.x509SvidRequested(outcomeOf(failure)));
	}

	public void refreshed(@Nullable VisitException failure) {
		tell((observer) -> observer.refreshed(outcomeOf(failure)));
	}

	public void refreshed(TrustDomain trustDomain, @Nullable VisitException failure) {
		tell((observer) -> observer.refreshed(trustDomain, outcomeOf(failure)));
	}

	public void jwtSvidRequested(@Nullable VisitException failure, Duration time) {
		tell((observer) -> observer.jwtSvidRequested(outcomeOf(failure), time));
	}

	private void tell(Consumer<SpireObserver> call) {
		for (SpireObserver observer : this.observers) {
			try {
				call.accept(observer);
			}
			// including undeclared ones: an observer need not be written in Java
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}
	}

	private static String outcomeOf(@Nullable Exception failure) {
		if (failure == null) {
			return SUCCESS;
		}
		if (failure instanceof VisitException visit) {
			return outcome(visit.reason());
		}
		return (failure instanceof SpireException spire) ? outcome(spire.reason().name()) : UNEXPECTED;
	}

	private static String outcome(String reason) {
		return reason.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * A request to the server.
	 *
	 * @param <T> the type of the answer
	 * @param <X> the type of the failure
	 */
	public interface Call<T, X extends Exception> {

		T make() throws X;

	}

}
