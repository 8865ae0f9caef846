package dev.psat.spire.internal;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import dev.psat.concurrent.internal.Delivery;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * How an identity answers the application, TLS and its observers, whoever issues its
 * SVIDs.
 */
public final class ServedIdentity {

	private final LateStart<?> lateStart;

	private final View view;

	private final Outcomes outcomes;

	private final Time time;

	private final String issuer;

	private final Delivery<SpireStatus> delivery;

	/**
	 * Create an instance.
	 * @param lateStart starts what obtains the SVIDs
	 * @param view what is known at present
	 * @param outcomes notifies observers of outcomes
	 * @param time the current time
	 * @param issuer who is waited for, as advice names it
	 */
	public ServedIdentity(LateStart<?> lateStart, View view, Outcomes outcomes, Time time, String issuer) {
		this.lateStart = lateStart;
		this.view = view;
		this.outcomes = outcomes;
		this.time = time;
		this.issuer = issuer;
		this.delivery = News.delivery(this::status);
	}

	public X509Svid x509Svid() {
		this.lateStart.startOnUse();
		HeldSvid held = this.view.svid();
		if (held == null || isExpired(held)) {
			throw unavailable("No X.509-SVID is in force");
		}
		return held.svid();
	}

	private boolean isExpired(HeldSvid held) {
		return this.time.now().isAfter(held.svid().expiresAt());
	}

	private boolean isInForce() {
		HeldSvid held = this.view.svid();
		return held != null && !isExpired(held);
	}

	public TrustBundle trustBundle() {
		this.lateStart.startOnUse();
		TrustBundle bundle = this.view.trustBundle();
		if (bundle == null) {
			throw unavailable("No trust bundle has been read yet");
		}
		return bundle;
	}

	public TrustBundle trustBundle(TrustDomain trustDomain) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		if (this.view.isOwn(trustDomain)) {
			return trustBundle();
		}
		this.lateStart.startOnUse();
		Federation federation = this.view.federation();
		boolean inForce = isInForce();
		TrustBundle bundle = federation.bundle(trustDomain, inForce);
		if (bundle == null) {
			throw new SvidUnavailableException(federation.absence(trustDomain, inForce), state(),
					federation.advice(trustDomain));
		}
		return bundle;
	}

	/**
	 * Return the audiences of a JWT-SVID, which the application is about to use.
	 * @param audience the audience
	 * @param more further audiences
	 * @return all of them, in their natural order
	 */
	public Set<String> audiences(String audience, String... more) {
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(more, "'more' must not be null");
		Set<String> audiences = new TreeSet<>();
		audiences.add(audience);
		for (String each : more) {
			audiences.add(Objects.requireNonNull(each, "'more' must not contain null elements"));
		}
		if (audiences.stream().anyMatch(String::isBlank)) {
			throw new IllegalArgumentException("'audience' must not be blank");
		}
		this.lateStart.startOnUse();
		return Collections.unmodifiableSet(audiences);
	}

	public TlsSnapshot snapshot() {
		try {
			this.lateStart.startOnUse();
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			// told by whoever starts it
			return TlsSnapshot.EMPTY;
		}
		return this.view.tls();
	}

	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		TrustBundle own = snapshot().trustBundle();
		return this.view.isOwn(trustDomain) ? own : this.view.federation().bundle(trustDomain, isInForce());
	}

	public String absence(TrustDomain trustDomain) {
		return this.view.isOwn(trustDomain) ? "There is no trust bundle yet"
				: this.view.federation().absence(trustDomain, isInForce());
	}

	public String absence() {
		try {
			x509Svid();
			return "The X.509-SVID has only just arrived";
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			return "The SPIRE identity cannot be started: " + ex.getClass().getName();
		}
	}

	public void onChange(Runnable listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				listener.run();
			}

		});
	}

	public SpireStatus status() {
		return this.view.status(this.time.now());
	}

	public SpireState state() {
		return status().state();
	}

	public void addObserver(SpireObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		// first, since it may remove itself as soon as it learns of the status
		this.outcomes.add(observer);
		try {
			this.delivery.add(observer, observer::changed);
		}
		catch (OutOfMemoryError ex) {
			this.outcomes.remove(observer);
			throw ex;
		}
	}

	public void removeObserver(SpireObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		this.outcomes.remove(observer);
		this.delivery.remove(observer);
	}

	/**
	 * Have the observers told of what has changed.
	 */
	public void changed() {
		this.delivery.request();
	}

	public void close() {
		try {
			this.lateStart.close();
		}
		finally {
			this.delivery.close();
		}
	}

	/**
	 * Return what the JWT-SVIDs are issued for at present.
	 * @return the subject, {@code null} before the first X.509-SVID
	 */
	public @Nullable SvidSubject subject() {
		HeldSvid held = this.view.svid();
		return (held != null) ? held.subject() : null;
	}

	/**
	 * Return an exception that tells what is wrong at present.
	 * @param message what there is not
	 * @return the exception
	 */
	public SvidUnavailableException unavailable(String message) {
		SpireStatus status = status();
		SpireStatus.LastError error = isRunning() ? status.lastError() : null;
		return (error != null) ? new SvidUnavailableException("%s: %s".formatted(message, error.message()),
				status.state(), error.advice())
				: new SvidUnavailableException(message, status.state(), advice(status.state()));
	}

	private boolean isRunning() {
		return this.lateStart.current() != null;
	}

	private String advice(SpireState state) {
		if (this.lateStart.isClosed()) {
			return "Ask before the application stops: the SPIRE identity is closed.";
		}
		if (!isRunning()) {
			return "Start the SPIRE identity: it is stopped.";
		}
		return state.isUp() ? "Ask again in a moment: the state is %s.".formatted(state)
				: "Wait until %s has answered: the state is %s.".formatted(this.issuer, state);
	}

	/**
	 * What is known at present.
	 */
	public interface View {

		/**
		 * Return the X.509-SVID.
		 * @return the X.509-SVID, {@code null} if there is none
		 */
		@Nullable HeldSvid svid();

		/**
		 * Return the trust bundle of the own trust domain.
		 * @return the trust bundle, {@code null} if there is none
		 */
		@Nullable TrustBundle trustBundle();

		/**
		 * Return the X.509-SVID with the trust bundle that vouches for it.
		 * @return both, as far as there are any
		 */
		TlsSnapshot tls();

		Federation federation();

		boolean isOwn(TrustDomain trustDomain);

		SpireStatus status(Instant now);

	}

}
