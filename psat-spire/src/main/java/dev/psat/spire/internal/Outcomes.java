package dev.psat.spire.internal;

import java.util.ArrayList;
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

	public <T, X extends Exception> T observed(SpireObserver.Request request, Call<T, X> call) throws X {
		List<SpireObserver.Ending> endings = begin(request);
		String outcome = UNEXPECTED;
		try {
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

	private List<SpireObserver.Ending> begin(SpireObserver.Request request) {
		List<SpireObserver.Ending> endings = new ArrayList<>();
		tell((observer) -> {
			SpireObserver.Ending ending = observer.requesting(request);
			if (ending != null) {
				endings.add(0, ending);
			}
		});
		return endings;
	}

	private void end(List<SpireObserver.Ending> endings, String outcome) {
		endings.forEach((ending) -> guarded(() -> ending.ended(outcome)));
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

	private void tell(Consumer<SpireObserver> call) {
		this.observers.forEach((observer) -> guarded(() -> call.accept(observer)));
	}

	private void guarded(Runnable call) {
		try {
			call.run();
		}
		// including undeclared ones: an observer need not be written in Java
		catch (Throwable ex) {
			this.repeatedError.happened(ex);
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

	public interface Call<T, X extends Exception> {

		T make() throws X;

	}

}
