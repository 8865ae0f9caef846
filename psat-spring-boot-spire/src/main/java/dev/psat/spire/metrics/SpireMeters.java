package dev.psat.spire.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

final class SpireMeters implements MeterBinder, DisposableBean {

	private static final Log logger = LogFactory.getLog(SpireMeters.class);

	private final SpireIdentity identity;

	private final Clock clock;

	private final List<SpireObserver> observers = new CopyOnWriteArrayList<>();

	SpireMeters(SpireIdentity identity, Clock clock) {
		this.identity = identity;
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TimeGauge.builder("spire.svid.expires.in", this, TimeUnit.SECONDS, SpireMeters::expiresIn)
			.description("Time until the X.509-SVID expires, negative once it has")
			.strongReference(true)
			.register(registry);
		TimeGauge.builder("spire.trust.bundle.expires.in", this, TimeUnit.SECONDS, SpireMeters::trustBundleExpiresIn)
			.description("Time until the last authority of the trust bundle expires, negative once it has")
			.strongReference(true)
			.register(registry);
		for (SpireState state : SpireState.values()) {
			Gauge.builder("spire.state", this, (meters) -> meters.isIn(state) ? 1 : 0)
				.tag("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.description("Whether the SPIRE identity is in this state")
				.strongReference(true)
				.register(registry);
		}
		SpireStatus status = statusOf(this.identity);
		observe(new OutcomeMeters(registry, status == null || status.workloadApi() == null));
		observe(new FederationMeters(registry, this.identity, this.clock));
	}

	private void observe(SpireObserver observer) {
		this.observers.add(observer);
		this.identity.addObserver(observer);
	}

	// the identity may belong to a parent context, which outlives the registry
	@Override
	public void destroy() {
		this.observers.forEach(this.identity::removeObserver);
	}

	/**
	 * {@code null} of an identity of the application that cannot tell, which stops no
	 * start.
	 */
	static @Nullable SpireStatus statusOf(SpireIdentity identity) {
		try {
			return identity.status();
		}
		catch (RuntimeException ex) {
			logger.debug("The SPIRE identity does not tell its status, so some of its meters come once it does", ex);
			return null;
		}
	}

	private boolean isIn(SpireState state) {
		return this.identity.status().state() == state;
	}

	private double expiresIn() {
		SpireStatus.Svid svid = this.identity.status().svid();
		return (svid != null) ? until(svid.expiresAt()) : Double.NaN;
	}

	/**
	 * From then on, nobody can be verified. A server that prepares its next authority in
	 * time never lets that come near.
	 */
	private double trustBundleExpiresIn() {
		if (isIn(SpireState.STARTING)) {
			// asking would start it
			return Double.NaN;
		}
		try {
			return this.identity.trustBundle()
				.x509Authorities()
				.stream()
				.map((authority) -> authority.certificate().getNotAfter().toInstant())
				.max(Comparator.naturalOrder())
				.map(this::until)
				.orElse(Double.NaN);
		}
		catch (SvidUnavailableException ex) {
			return Double.NaN;
		}
	}

	private double until(Instant expiry) {
		return Duration.between(this.clock.instant(), expiry).toSeconds();
	}

}
