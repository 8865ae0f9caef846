package dev.psat.spire.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MeterBinder} for the peers that the SSL bundles have accepted and refused. All
 * meters exist from its binding on, so that the first refusal is an increase, and there
 * are no more for whatever name a peer claims. Those of the own trust domain exist as
 * soon as that is known, which is before the first peer can be accepted.
 */
final class HandshakeMeters implements MeterBinder, SpireObserver, DisposableBean {

	private static final Log logger = LogFactory.getLog(HandshakeMeters.class);

	/**
	 * Peers that no trust bundle vouches for, and those of any trust domain not known.
	 */
	private static final String OTHER = "other";

	/** An identity bundle verifies servers by a CA and their host name. */
	private static final String NONE = "none";

	private static final List<HandshakeOutcome> VERIFIED = List.of(HandshakeOutcome.ACCEPTED,
			HandshakeOutcome.UNAUTHORIZED);

	private static final List<HandshakeOutcome> CLASSIC = List.of(HandshakeOutcome.ACCEPTED,
			HandshakeOutcome.UNTRUSTED);

	private final Map<String, ? extends SvidSslBundle> bundles;

	private final Supplier<SpireStatus> status;

	private final List<Late> late = new CopyOnWriteArrayList<>();

	private @Nullable SpireIdentity observed;

	HandshakeMeters(Map<String, ? extends SvidSslBundle> bundles, Supplier<SpireStatus> status) {
		this.bundles = bundles;
		this.status = status;
	}

	HandshakeMeters observing(SpireIdentity identity) {
		this.observed = identity;
		identity.addObserver(this);
		return this;
	}

	@Override
	public void destroy() {
		// which may outlive the registry
		if (this.observed != null) {
			this.observed.removeObserver(this);
		}
	}

	@Override
	public void changed(SpireStatus previous, SpireStatus current) {
		TrustDomain own = current.trustDomain();
		if (own != null) {
			this.late.forEach((each) -> bind(each, own));
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Set<TrustDomain> known = trustDomains();
		this.bundles.forEach((name, bundle) -> {
			Series series = new Series(registry, name, bundle.handshakes());
			if (bundle instanceof SpiffeSslBundle) {
				for (Direction direction : Direction.values()) {
					bind(series, direction, known);
					series.bindUnlisted(direction);
				}
				bindOwn(new Late(series, known));
			}
			else {
				CLASSIC.forEach((outcome) -> series.bind(NONE, Direction.OUTBOUND, outcome,
						(counts) -> counts.count(Direction.OUTBOUND, outcome)));
			}
		});
	}

	private void bindOwn(Late late) {
		this.late.add(late);
		TrustDomain own = own();
		if (own != null) {
			bind(late, own);
		}
	}

	private void bind(Late late, TrustDomain own) {
		if (this.late.remove(late)) {
			late.bind(own);
		}
	}

	private @Nullable TrustDomain own() {
		try {
			return this.status.get().trustDomain();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * An identity of the application that cannot tell them stops no start.
	 */
	private Set<TrustDomain> trustDomains() {
		Set<TrustDomain> known = ConcurrentHashMap.newKeySet();
		try {
			SpireStatus status = this.status.get();
			if (status.trustDomain() != null) {
				known.add(status.trustDomain());
			}
			status.federation().forEach((federated) -> known.add(federated.trustDomain()));
		}
		catch (RuntimeException ex) {
			logger.debug("The SPIRE identity does not tell its trust domains, so all peers count as 'other'", ex);
		}
		// a name like any other, whose counters would take the place of those of all
		// others
		known.remove(TrustDomain.of(OTHER));
		return known;
	}

	private static void bind(Series series, Direction direction, Set<TrustDomain> known) {
		known.forEach((trustDomain) -> bind(series, direction, trustDomain));
		for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
			series.bind(OTHER, direction, outcome, (counts) -> others(counts, direction, outcome, known));
		}
	}

	private static void bind(Series series, Direction direction, TrustDomain trustDomain) {
		VERIFIED.forEach((outcome) -> series.bind(trustDomain.name(), direction, outcome,
				(counts) -> counts.count(direction, outcome, trustDomain)));
	}

	/**
	 * The sum of what never decreases, rather than a difference, which could.
	 */
	private static long others(HandshakeCounts counts, Direction direction, HandshakeOutcome outcome,
			Set<TrustDomain> known) {
		return counts.count(direction, outcome, null) + counts.trustDomains()
			.stream()
			.filter((trustDomain) -> !known.contains(trustDomain))
			.mapToLong((trustDomain) -> counts.count(direction, outcome, trustDomain))
			.sum();
	}

	static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The counters of a bundle before the own trust domain is known.
	 */
	private record Late(Series series, Set<TrustDomain> known) {

		void bind(TrustDomain own) {
			if (!own.name().equals(OTHER) && !this.known.contains(own)) {
				for (Direction direction : Direction.values()) {
					HandshakeMeters.bind(this.series, direction, own);
				}
				this.known.add(own);
			}
		}

	}

	private record Series(MeterRegistry registry, String bundle, HandshakeCounts counts) {

		void bind(String trustDomain, Direction direction, HandshakeOutcome outcome,
				ToLongFunction<HandshakeCounts> count) {
			// so that a peer that counted among all others does not decrease their number
			// once its trust domain is known
			AtomicLong highest = new AtomicLong();
			FunctionCounter
				.builder("spire.handshakes", this.counts,
						(counts) -> highest.accumulateAndGet(count.applyAsLong(counts), Math::max))
				.tag("bundle", this.bundle)
				.tag("trust.domain", trustDomain)
				.tag("direction", value(direction))
				.tag("outcome", value(outcome))
				.description("Peers that presented a certificate and were accepted or refused")
				.register(this.registry);
		}

		void bindUnlisted(Direction direction) {
			FunctionCounter.builder("spire.handshakes.unlisted", this.counts, (counts) -> counts.unlisted(direction))
				.tag("bundle", this.bundle)
				.tag("direction", value(direction))
				.description("Peers that were only accepted since the lists are on a dry run")
				.register(this.registry);
		}

	}

}
