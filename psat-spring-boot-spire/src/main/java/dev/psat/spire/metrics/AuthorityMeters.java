package dev.psat.spire.metrics;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MeterBinder} for the connections that hang on each X.509 authority. Authorities
 * come and go, and so do their meters: there are those of the trust bundles of now, the
 * own one first, and not more than a partner should be able to cause.
 */
final class AuthorityMeters implements MeterBinder, SpireObserver, DisposableBean {

	private static final Log logger = LogFactory.getLog(AuthorityMeters.class);

	private static final int MOST = 20;

	private final SpireIdentity identity;

	private final Census census;

	private final List<Series> series = new CopyOnWriteArrayList<>();

	private final AtomicLong looks = new AtomicLong();

	AuthorityMeters(SpireIdentity identity, SeenPeers peers) {
		this.identity = identity;
		this.census = new Census(peers);
		identity.addObserver(this);
	}

	@Override
	public void destroy() {
		// which may outlive the registry
		this.identity.removeObserver(this);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.series.add(new Series(registry, this.census));
		update();
	}

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		update();
	}

	/**
	 * Several threads may look at a time, and the look that began last counts: whoever is
	 * told of a change looks after it.
	 */
	private void update() {
		long look = this.looks.incrementAndGet();
		Set<Authority> authorities = authorities();
		this.series.forEach((each) -> each.become(authorities, look));
	}

	/**
	 * An identity of the application that cannot tell them stops no start.
	 */
	private Set<Authority> authorities() {
		Set<Authority> authorities = new LinkedHashSet<>();
		SpireStatus status = status();
		if (status != null && status.state() == SpireState.STARTING) {
			// asking would start it, and meters are bound before its turn
			return authorities;
		}
		add(authorities, SpireIdentity::trustBundle);
		Stream.ofNullable(status)
			.flatMap((known) -> known.federation().stream())
			.map(SpireStatus.Federation::trustDomain)
			.forEach((trustDomain) -> add(authorities, (identity) -> identity.trustBundle(trustDomain)));
		return authorities;
	}

	private @Nullable SpireStatus status() {
		try {
			return this.identity.status();
		}
		catch (RuntimeException ex) {
			logger.debug("The SPIRE identity does not tell its status", ex);
			return null;
		}
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

	private record Authority(TrustDomain trustDomain, String keyId) {

	}

	private static final class Series {

		private final MultiGauge gauges;

		private final Census census;

		private long look;

		Series(MeterRegistry registry, Census census) {
			this.gauges = MultiGauge.builder("spire.authority.connections")
				.description("Connections that are open with a peer for which this X.509 authority vouches")
				.register(registry);
			this.census = census;
		}

		synchronized void become(Set<Authority> authorities, long look) {
			if (look >= this.look) {
				this.look = look;
				this.gauges.register(authorities.stream().map(this::row).toList());
			}
		}

		private MultiGauge.Row<?> row(Authority authority) {
			return MultiGauge.Row.of(
					Tags.of("trust.domain", authority.trustDomain().name(), "authority", authority.keyId()),
					() -> this.census.open(authority));
		}

	}

	/**
	 * A scrape reads many gauges, so one count serves all of them.
	 */
	private static final class Census {

		private static final long VALID_NANOS = 1_000_000_000;

		private final SeenPeers peers;

		private volatile @Nullable Count last;

		Census(SeenPeers peers) {
			this.peers = peers;
		}

		int open(Authority authority) {
			long now = System.nanoTime();
			Count count = this.last;
			if (count == null || now - count.at() >= VALID_NANOS) {
				count = new Count(now, count());
				this.last = count;
			}
			return count.open().getOrDefault(authority, 0);
		}

		private Map<Authority, Integer> count() {
			Map<Authority, Integer> open = new HashMap<>();
			for (SeenAuthority seen : this.peers.authorities()) {
				open.put(new Authority(seen.trustDomain(), seen.keyId()), seen.openConnections());
			}
			return open;
		}

		private record Count(long at, Map<Authority, Integer> open) {

		}

	}

}
