package dev.psat.spire.metrics;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of the connections that hang on each X.509 authority of the trust bundles, which
 * come and go: not more than a partner should be able to cause.
 */
final class AuthorityMeters {

	private static final Log logger = LogFactory.getLog(AuthorityMeters.class);

	private static final int MOST = 20;

	private static final long COUNT_VALID_NANOS = 1_000_000_000;

	private final SpireIdentity identity;

	private final SeenPeers peers;

	private final Time time;

	private final MultiGauge gauges;

	private final AtomicLong changes = new AtomicLong();

	/** A scrape reads many gauges, so one count serves all of them. */
	private volatile @Nullable Count last;

	AuthorityMeters(MeterRegistry registry, SpireIdentity identity, SeenPeers peers, Time time) {
		this.identity = identity;
		this.peers = peers;
		this.time = time;
		this.gauges = MultiGauge.builder("spire.authority.connections")
			.description("Connections that are open with a peer for which this X.509 authority vouches")
			.register(registry);
	}

	/**
	 * Once more if there was a change meanwhile: several threads may look at a time, and
	 * the next change of trust may be hours away.
	 */
	void look() {
		this.changes.incrementAndGet();
		long known;
		do {
			known = this.changes.get();
			this.gauges.register(authorities().stream().map(this::row).toList());
		}
		while (known != this.changes.get());
	}

	private MultiGauge.Row<?> row(Authority authority) {
		return MultiGauge.Row.of(
				Tags.of("trust.domain", authority.trustDomain().name(), "authority", authority.keyId()),
				() -> open(authority));
	}

	/** An identity of the application that cannot tell them stops no start. */
	private Set<Authority> authorities() {
		Set<Authority> authorities = new LinkedHashSet<>();
		SpireStatus status = SpireMeters.statusOf(this.identity);
		if (status != null && status.state() == SpireState.STARTING) {
			// asking would start it, and meters are bound before its turn
			return authorities;
		}
		add(authorities, SpireIdentity::trustBundle);
		if (status != null) {
			status.federation()
				.forEach((federated) -> add(authorities, (identity) -> identity.trustBundle(federated.trustDomain())));
		}
		return authorities;
	}

	private void add(Set<Authority> authorities, Function<SpireIdentity, TrustBundle> getter) {
		try {
			TrustBundle bundle = getter.apply(this.identity);
			bundle.x509Authorities()
				.stream()
				.map((authority) -> new Authority(bundle.trustDomain(), authority.keyId()))
				.limit(MOST - authorities.size())
				.forEach(authorities::add);
		}
		catch (RuntimeException ex) {
			logger.debug("There is no trust bundle, so its authorities have no meters", ex);
		}
	}

	private int open(Authority authority) {
		long now = this.time.nanos();
		Count count = this.last;
		if (count == null || now - count.at() >= COUNT_VALID_NANOS) {
			count = new Count(now,
					this.peers.authorities()
						.stream()
						.collect(Collectors.toMap((seen) -> new Authority(seen.trustDomain(), seen.keyId()),
								SeenAuthority::openConnections)));
			this.last = count;
		}
		return count.open().getOrDefault(authority, 0);
	}

	private record Authority(TrustDomain trustDomain, String keyId) {

	}

	private record Count(long at, Map<Authority, Integer> open) {

	}

}
