package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.concurrent.internal.Threads;
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

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;

/**
 * Waits for the first X.509-SVID, since nobody can complete a handshake without one.
 */
final class StartupWait {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	/** How long to wait before a line says for what. */
	private static final Duration TELL = Duration.ofSeconds(30);

	/** How often to look whether there is one. */
	private static final Duration LOOK = Duration.ofSeconds(1);

	/** How long a test waits without a SPIRE Server or Agent. */
	private static final Duration TEST_PATIENCE = Duration.ofSeconds(5);

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

	/**
	 * Create a wait.
	 * @param identity the identity to wait for
	 * @param bundle the bundle that serves it
	 * @param longest how long to wait at most
	 * @param place where the application runs
	 * @param need supplies for what, {@code null} if nothing needs to wait; called after
	 * the web server has been created, and before it starts
	 */
	StartupWait(SpireIdentity identity, SpiffeSslBundle bundle, Duration longest, Place place,
			Supplier<@Nullable SvidNeed> need) {
		this(identity, bundle, longest, (place == Place.TEST) ? TEST_PATIENCE : TELL, place, need);
	}

	StartupWait(SpireIdentity identity, SpiffeSslBundle bundle, Duration longest, Duration tell, Place place,
			Supplier<@Nullable SvidNeed> need) {
		this.identity = identity;
		this.bundle = bundle;
		this.longest = longest;
		this.tell = tell;
		this.place = place;
		this.need = need;
	}

	boolean isNeeded() {
		return this.need.get() != null;
	}

	/**
	 * Wait until there is an X.509-SVID, if there has to be one.
	 * @throws PsatStartupException if there is none in time, or none can be expected
	 */
	void await() {
		// in this order, since to look for an X.509-SVID is to use the identity
		SvidNeed need = this.need.get();
		if (need != null && !isServable()) {
			await(need);
		}
	}

	/**
	 * Wait until there is an X.509-SVID.
	 * @param need for what
	 * @throws PsatStartupException if there is none in time, or none can be expected
	 */
	void await(SvidNeed need) {
		checkStatus(need);
		if (isServable() || (need.optional() && this.identity.status().state() == SpireState.DISABLED)) {
			return;
		}
		if (!isHopeless(this.identity.status().state())) {
			logger.info(LogMessage.format("Waiting up to %d s for the first X.509-SVID%s%s", this.longest.toSeconds(),
					need.reason(), (this.place == Place.TEST)
							? ". As this is a test, the wait ends early if there is no SPIRE Server or Agent" : ""));
			awaitChange();
		}
		if (!isServable()) {
			throw failure(need);
		}
	}

	/**
	 * Check that the identity does what its contract says: a mock returns {@code null}.
	 */
	private void checkStatus(SvidNeed need) {
		if (ObjectUtils.isEmpty(this.identity.status())) {
			throw need.ofMock(this.identity.getClass());
		}
	}

	private PsatStartupException failure(SvidNeed need) {
		if (!isWithoutSource()) {
			return need.afterWait(this.longest, refusal(need));
		}
		SvidNeed.Source source = (this.identity.status().workloadApi() != null) ? SvidNeed.Source.AGENT
				: SvidNeed.Source.SERVER;
		return switch (this.place) {
			case TEST -> need.inTestWithout(source, refusal(need));
			case SIMULATED, POD -> need.afterWait(this.longest, refusal(need));
			case ELSEWHERE -> need.onLaptopWithout(source, this.longest, refusal(need));
		};
	}

	/**
	 * Wait without a timeout, on a future that another thread completes: if a context is
	 * closed while it starts, Spring only interrupts a thread that waits in this way. The
	 * JDK's timer would keep the class loader of the application forever.
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
			timer.start();
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

	/**
	 * Let the time pass until there is nothing to wait for, of which an identity need not
	 * tell anybody, and say now and then for what the start waits.
	 */
	private void pass() {
		long began = System.nanoTime();
		Duration waited = Duration.ZERO;
		Duration told = waited;
		try {
			while (waited.compareTo(this.longest) < 0 && !isOver()) {
				Duration left = this.longest.minus(waited);
				TimeUnit.NANOSECONDS.sleep(Collections.min(List.of(left, this.tell, LOOK)).toNanos());
				waited = Duration.ofNanos(System.nanoTime() - began);
				if (waited.compareTo(this.longest) < 0 && waited.minus(told).compareTo(this.tell) >= 0) {
					if (!tell(waited)) {
						return;
					}
					told = waited;
				}
			}
		}
		catch (InterruptedException ex) {
			// nobody waits any longer
		}
	}

	private boolean isWithoutSource() {
		SpireStatus.LastError error = this.identity.status().lastError();
		return error != null && REASONS_WITHOUT_SOURCE.contains(error.reason());
	}

	/**
	 * Say for what the start waits, unless it is a SPIRE Server that nobody starts while
	 * a test waits for it.
	 * @param waited how long it has waited
	 * @return whether to wait on
	 */
	private boolean tell(Duration waited) {
		try {
			if (this.place == Place.TEST && isWithoutSource()) {
				return false;
			}
			SpireStatus status = this.identity.status();
			SpireStatus.LastError error = status.lastError();
			logger.info(LogMessage.format("Still waiting for the first X.509-SVID after %d of %d s: %s%s",
					waited.toSeconds(), this.longest.toSeconds(), status.state(),
					(error != null) ? ", %s: %s. %s".formatted(error.reason(), error.message(), error.advice()) : ""));
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			// what cannot be told ends no wait
		}
		return true;
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
	 * Return whether to stop waiting. A ban is asked about only every ten minutes. The
	 * state {@code NODE_IDENTITY} does not count, since an immediate restart of the
	 * application would immediately evict the agent of the node again.
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

	/**
	 * Where the application runs, which tells who can do something about it.
	 */
	enum Place {

		TEST, SIMULATED, POD, ELSEWHERE;

		/** Set by Spring Boot in each {@code @SpringBootTest} and slice. */
		private static final String BOOTSTRAPPER = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

		/** In a module that only tests have. */
		private static final List<String> SIMULATORS = List.of("dev.psat.spire.test.SimulatedSpireServer",
				"dev.psat.spire.test.SimulatedWorkloadApi");

		/**
		 * Tell where the application runs.
		 * @param environment tells a test and a pod
		 * @param beanFactory knows simulators, also of parents: with one there is nothing
		 * to import, and a start that is slow is nothing but slow
		 * @return the place
		 */
		static Place of(Environment environment, ConfigurableListableBeanFactory beanFactory) {
			if (SIMULATORS.stream().anyMatch((simulator) -> hasBean(beanFactory, simulator))) {
				return SIMULATED;
			}
			if (environment.containsProperty(BOOTSTRAPPER)) {
				return TEST;
			}
			return CloudPlatform.KUBERNETES.isActive(environment) ? POD : ELSEWHERE;
		}

		private static boolean hasBean(ConfigurableListableBeanFactory beanFactory, String type) {
			ClassLoader classLoader = beanFactory.getBeanClassLoader();
			return ClassUtils.isPresent(type, classLoader)
					&& BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory,
							ClassUtils.resolveClassName(type, classLoader), true, false).length > 0;
		}

	}

}
