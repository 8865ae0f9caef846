package dev.psat.spire.internal;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.psat.concurrent.internal.Delivery;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An identity as the application, TLS and its observers see it, whichever door it comes
 * from.
 */
public final class ServedIdentity<R extends LateStart.Run> implements SpireIdentity, TlsIdentity {

	private final Door<R> door;

	private final LateStart<Session<R>> lateStart;

	private final Delivery<SpireStatus> delivery;

	private final Object monitor = new Object();

	private volatile @Nullable JwtSvids jwtSvids;

	public ServedIdentity(Function<Runnable, Door<R>> doors) {
		this.door = doors.apply(this::changed);
		this.lateStart = new LateStart<>(this::newSession);
		this.delivery = Announcer.News.delivery(this::status, this.door.time());
	}

	public static String userAgent() {
		String version = ServedIdentity.class.getPackage().getImplementationVersion();
		return (version != null) ? "psat-spring-boot/" + version : "psat-spring-boot";
	}

	private Session<R> newSession() {
		return new Session<>(this.door.newRun(), new CompletableFuture<>(), () -> {
			JwtSvids svids = this.jwtSvids;
			if (svids != null) {
				svids.forgetRefusals();
			}
		});
	}

	/** Not needed before the first call, which many an application never makes. */
	private JwtSvids jwtSvids() {
		JwtSvids svids = this.jwtSvids;
		return (svids != null) ? svids : newJwtSvids();
	}

	private JwtSvids newJwtSvids() {
		// not on the identity itself, which is the application's to lock
		synchronized (this.monitor) {
			JwtSvids svids = this.jwtSvids;
			if (svids == null) {
				JwtRequests<R> requests = new JwtRequests<>(this.lateStart::current, this::state, this::unavailable,
						this.door.outcomes());
				svids = new JwtSvids(this.door.jwtIssuer(requests), this::state, this::unavailable, this.door.time());
				this.door.outcomes().add(svids);
				this.jwtSvids = svids;
			}
			return svids;
		}
	}

	private void changed() {
		Session<R> session = this.lateStart.current();
		if (session != null && this.door.svid() != null) {
			session.served().complete(null);
		}
		this.delivery.request();
	}

	@Override
	public X509Svid x509Svid() {
		this.lateStart.startOnUse();
		HeldSvid held = this.door.svid();
		if (held == null || isExpired(held)) {
			throw unavailable("No X.509-SVID is in force");
		}
		return held.svid();
	}

	private boolean isExpired(HeldSvid held) {
		return this.door.time().now().isAfter(held.svid().expiresAt());
	}

	private boolean isInForce() {
		HeldSvid held = this.door.svid();
		return held != null && !isExpired(held);
	}

	@Override
	public TrustBundle trustBundle() {
		this.lateStart.startOnUse();
		TrustBundle bundle = this.door.trustBundle();
		if (bundle == null) {
			throw unavailable("No trust bundle has been read yet");
		}
		return bundle;
	}

	@Override
	public TrustBundle trustBundle(TrustDomain trustDomain) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		if (this.door.isOwn(trustDomain)) {
			return trustBundle();
		}
		this.lateStart.startOnUse();
		Federation federation = this.door.federation();
		boolean inForce = isInForce();
		TrustBundle bundle = federation.bundle(trustDomain, inForce);
		if (bundle == null) {
			throw new SvidUnavailableException(federation.absence(trustDomain, inForce), state(),
					federation.advice(trustDomain));
		}
		return bundle;
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		Set<String> audiences = JwtSvids.audiences(audience, more);
		this.lateStart.startOnUse();
		return jwtSvids().get(audiences);
	}

	@Override
	public TlsSnapshot snapshot() {
		try {
			this.lateStart.startOnUse();
		}
		// including undeclared exceptions: a token source need not be written in Java
		catch (Throwable ex) {
			// told by whoever starts it
			return TlsSnapshot.EMPTY;
		}
		return this.door.tls();
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		TrustBundle own = snapshot().trustBundle();
		return this.door.isOwn(trustDomain) ? own : this.door.federation().bundle(trustDomain, isInForce());
	}

	@Override
	public String absence(TrustDomain trustDomain) {
		return this.door.isOwn(trustDomain) ? "There is no trust bundle yet"
				: this.door.federation().absence(trustDomain, isInForce());
	}

	@Override
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

	@Override
	public boolean onChange(Runnable listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.delivery.add(listener, (previous, current) -> listener.run());
		return true;
	}

	@Override
	public SpireStatus status() {
		return this.door.status(this.door.time().now());
	}

	private SpireState state() {
		return status().state();
	}

	@Override
	public void addObserver(SpireObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		// first, since it may remove itself as soon as it learns of the status
		this.door.outcomes().add(observer);
		this.delivery.add(observer, observer::changed);
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		this.door.outcomes().remove(observer);
		this.delivery.remove(observer);
	}

	/**
	 * Start as a use does: not if it has been started or stopped before, or is closed.
	 */
	public void startOnUse() {
		this.lateStart.startOnUse();
	}

	@Override
	public void start() {
		this.lateStart.start();
	}

	@Override
	public void stop() {
		this.lateStart.stop();
	}

	@Override
	public void close() {
		try {
			this.lateStart.close();
		}
		finally {
			this.delivery.close();
		}
	}

	private SvidUnavailableException unavailable(String message) {
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
				: "Wait until %s has answered: the state is %s.".formatted(this.door.issuer(), state);
	}

	/** Where an identity comes from, and what is known of it at present. */
	public interface Door<R extends LateStart.Run> {

		String issuer();

		Time time();

		Outcomes outcomes();

		R newRun();

		JwtSvids.Issuer jwtIssuer(JwtRequests<R> requests);

		@Nullable HeldSvid svid();

		@Nullable TrustBundle trustBundle();

		TlsSnapshot tls();

		Federation federation();

		boolean isOwn(TrustDomain trustDomain);

		SpireStatus status(Instant now);

	}

	record Session<R extends LateStart.Run>(R run, CompletableFuture<Void> served,
			Runnable closed) implements LateStart.Run {

		@Override
		public void start() {
			this.run.start();
		}

		@Override
		public void listen() {
			this.run.listen();
		}

		@Override
		public void close() {
			this.served.complete(null);
			try {
				this.run.close();
			}
			finally {
				this.closed.run();
			}
		}

		@Override
		public void ceaseToListen() {
			this.run.ceaseToListen();
		}

	}

}
