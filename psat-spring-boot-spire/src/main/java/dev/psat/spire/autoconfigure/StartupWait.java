package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.concurrent.internal.Threads;
import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ObjectUtils;

/**
 * Waits for the first X.509-SVID, since nobody can complete a handshake without one.
 */
final class StartupWait {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private static final Duration TELL = Duration.ofSeconds(30);

	private static final Duration LOOK = Duration.ofSeconds(1);

	/** What is wrong first where nothing of a cluster is there. */
	private static final Set<String> REASONS_WITHOUT_SOURCE = Set.of("TOKEN_UNAVAILABLE", "TRUST_BUNDLE_UNREADABLE",
			FailureReason.UNREACHABLE.name(), WorkloadFailureReason.DIRECTORY_MISSING.name(),
			WorkloadFailureReason.SOCKET_MISSING.name(), WorkloadFailureReason.NOBODY_LISTENS.name());

	private final SpireIdentity identity;

	private final SpiffeSslBundle bundle;

	private final Duration longest;

	private final Duration tell;

	private final Place place;

	private final Supplier<@Nullable SvidNeed> need;

	private final Time time;

	StartupWait(SpireIdentity identity, SpiffeSslBundle bundle, Duration longest, Place place,
			Supplier<@Nullable SvidNeed> need) {
		this(identity, bundle, longest, TELL, place, need, Time.ofSystem());
	}

	static StartupWait of(SpireIdentity identity, OwnBundle own, SpireProperties properties, Environment environment,
			Supplier<@Nullable SvidNeed> need) {
		own.present(identity);
		return new StartupWait(identity, own.bundle(), SpirePropertyRules.svidWait(properties), Place.of(environment),
				need);
	}

	StartupWait(SpireIdentity identity, SpiffeSslBundle bundle, Duration longest, Duration tell, Place place,
			Supplier<@Nullable SvidNeed> need, Time time) {
		this.identity = identity;
		this.bundle = bundle;
		this.longest = longest;
		this.tell = tell;
		this.place = place;
		this.need = need;
		this.time = time;
	}

	boolean isNeeded() {
		return this.need.get() != null;
	}

	void await() {
		// in this order, since to look for an X.509-SVID is to use the identity
		SvidNeed need = this.need.get();
		if (need != null && !isServable()) {
			await(need);
		}
	}

	void await(SvidNeed need) {
		checkStatus(need);
		if (isServable() || (need.optional() && this.identity.status().state() == SpireState.DISABLED)) {
			return;
		}
		if (!isHopeless(this.identity.status().state())) {
			logger.info(LogMessage.format("Waiting up to %d s for the first X.509-SVID%s", this.longest.toSeconds(),
					need.reason()));
			awaitChange();
		}
		if (!isServable()) {
			throw failure(need);
		}
	}

	/** A mock returns {@code null}. */
	private void checkStatus(SvidNeed need) {
		if (ObjectUtils.isEmpty(this.identity.status())) {
			throw need.ofMock(this.identity.getClass());
		}
	}

	private PsatStartupException failure(SvidNeed need) {
		SvidNeed.Source missing = missing();
		return (missing != null) ? need.without(missing, this.longest, refusal(need))
				: need.afterWait(this.longest, refusal(need));
	}

	private SvidNeed.@Nullable Source missing() {
		SpireStatus status = this.identity.status();
		SpireStatus.LastError error = status.lastError();
		if (this.place == Place.POD || error == null || !REASONS_WITHOUT_SOURCE.contains(error.reason())) {
			return null;
		}
		return (status.workloadApi() != null) ? SvidNeed.Source.AGENT : SvidNeed.Source.SERVER;
	}

	/**
	 * On a future without a timeout: if a context is closed while it starts, Spring only
	 * interrupts a thread that waits in this way. The JDK's timer would keep the class
	 * loader of the application forever.
	 */
	private void awaitChange() {
		CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
		SpireObserver observer = new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				if (isOver()) {
					over.complete(null);
				}
			}

		};
		Thread timer = Threads.create("psat-spire-start", () -> {
			try {
				pass();
			}
			finally {
				over.complete(null);
			}
		});
		this.identity.addObserver(observer);
		try {
			this.time.start(timer);
			over.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the first X.509-SVID", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			timer.interrupt();
			this.identity.removeObserver(observer);
		}
	}

	/** An identity need not tell anybody of changes, so look now and then. */
	private void pass() {
		long began = this.time.nanos();
		Duration waited = Duration.ZERO;
		Duration told = waited;
		try {
			while (waited.compareTo(this.longest) < 0 && !isOver()) {
				Duration left = this.longest.minus(waited);
				this.time.sleep(Collections.min(List.of(left, this.tell, LOOK)).toNanos());
				waited = Duration.ofNanos(this.time.nanos() - began);
				if (waited.compareTo(this.longest) < 0 && waited.minus(told).compareTo(this.tell) >= 0) {
					tell(waited);
					told = waited;
				}
			}
		}
		catch (InterruptedException ex) {
			// nobody waits any longer
		}
	}

	private void tell(Duration waited) {
		try {
			SvidNeed.Source missing = missing();
			SpireStatus status = this.identity.status();
			SpireStatus.LastError error = status.lastError();
			logger
				.info(LogMessage.format("Still waiting for the first X.509-SVID after %d of %d s: %s%s%s",
						waited.toSeconds(), this.longest.toSeconds(), status.state(), (error != null)
								? ", %s: %s. %s".formatted(error.reason(), error.message(), error.advice()) : "",
						(missing != null) ? " " + missing : ""));
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			// what cannot be told ends no wait
		}
	}

	private boolean isOver() {
		try {
			return isServable() || isHopeless(this.identity.status().state());
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			// it may do better next time
			return false;
		}
	}

	/**
	 * A ban is asked about only every ten minutes. {@code NODE_IDENTITY} does not count,
	 * since a restart of the application would at once evict the agent of the node again.
	 */
	private boolean isHopeless(SpireState state) {
		return state == SpireState.DISABLED || ((state.isUp() || state == SpireState.BANNED) && this.bundle.isEmpty());
	}

	private boolean isServable() {
		return !this.bundle.isEmpty() && this.identity.status().state() != SpireState.EXPIRED;
	}

	private SvidUnavailableException refusal(SvidNeed need) {
		SpireState state = this.identity.status().state();
		try {
			this.identity.x509Svid();
			return new SvidUnavailableException("The SpireIdentity bean of the application has no key", state,
					"Create it with SpireServerIdentity.builder(), or let it implement TlsIdentity and return a snapshot "
							+ "with an X.509-SVID. Or %s.".formatted(need.instead()));
		}
		catch (SvidUnavailableException ex) {
			return ex;
		}
	}

	enum Place {

		POD, ELSEWHERE;

		static Place of(Environment environment) {
			return CloudPlatform.KUBERNETES.isActive(environment) ? POD : ELSEWHERE;
		}

	}

}
