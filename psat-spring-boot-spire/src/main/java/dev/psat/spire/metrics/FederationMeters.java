package dev.psat.spire.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;

/**
 * The meters of a federated trust domain exist from the start, so that one that was never
 * trusted shows, too; of one that an identity of the user adds, from then on.
 */
final class FederationMeters implements SpireObserver {

	private static final String TRUST_DOMAIN = "trust.domain";

	private final MeterRegistry registry;

	private final SpireIdentity identity;

	private final Clock clock;

	/** The registry would log a second registration of a gauge. */
	private final Set<TrustDomain> registered = ConcurrentHashMap.newKeySet();

	FederationMeters(MeterRegistry registry, SpireIdentity identity, Clock clock) {
		this.registry = registry;
		this.identity = identity;
		this.clock = clock;
		SpireStatus status = SpireMeters.statusOf(identity);
		if (status != null) {
			register(status);
		}
	}

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		register(current);
	}

	@Override
	public void refreshed(TrustDomain trustDomain, String outcome) {
		refreshes(trustDomain, outcome).increment();
	}

	private void register(SpireStatus status) {
		for (SpireStatus.Federation federation : status.federation()) {
			TrustDomain trustDomain = federation.trustDomain();
			if (!this.registered.contains(trustDomain)) {
				register(trustDomain);
				// not before, since the heap may be full
				this.registered.add(trustDomain);
			}
		}
	}

	private void register(TrustDomain trustDomain) {
		TimeGauge.builder("spire.federation.age", this, TimeUnit.SECONDS, (meters) -> meters.age(trustDomain))
			.tag(TRUST_DOMAIN, trustDomain.name())
			.description("Time since the SPIRE Server answered for this trust domain, while it is trusted")
			.strongReference(true)
			.register(this.registry);
		refreshes(trustDomain, OutcomeMeters.SUCCESS);
	}

	private Counter refreshes(TrustDomain trustDomain, String outcome) {
		return Counter.builder("spire.federation.refreshes")
			.tag(TRUST_DOMAIN, trustDomain.name())
			.tag("outcome", outcome)
			.description("Requests for the trust bundle of this trust domain")
			.register(this.registry);
	}

	private double age(TrustDomain trustDomain) {
		SpireStatus status = this.identity.status();
		for (SpireStatus.Federation federation : status.federation()) {
			if (federation.trustDomain().equals(trustDomain)) {
				return age(federation, status.workloadApi() != null);
			}
		}
		return Double.NaN;
	}

	/**
	 * Never negative, even if the clock was set back. The Workload API only tells of
	 * changes, so the time since then says nothing.
	 */
	private double age(SpireStatus.Federation federation, boolean changesAlone) {
		Instant refreshedAt = federation.refreshedAt();
		if (federation.state() != FederationState.TRUSTED || refreshedAt == null) {
			return Double.NaN;
		}
		return changesAlone ? 0 : Math.max(0, Duration.between(refreshedAt, this.clock.instant()).toSeconds());
	}

}
