package dev.psat.spire.autoconfigure.metrics;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link MeterBinder} for the peers that the SSL bundles have accepted and refused. All
 * meters exist from the start, so that the first refusal is an increase, and there are no
 * more for whatever name a peer claims.
 */
final class HandshakeMeters implements MeterBinder {

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

	/**
	 * Create the meters.
	 * @param bundles the bundles by name
	 * @param status supplies the status of the identity, which names the trust domains
	 */
	HandshakeMeters(Map<String, ? extends SvidSslBundle> bundles, Supplier<SpireStatus> status) {
		this.bundles = bundles;
		this.status = status;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Set<TrustDomain> known = trustDomains();
		this.bundles.forEach((name, bundle) -> {
			Series series = new Series(registry, name, bundle.handshakes());
			if (bundle instanceof SpiffeSslBundle) {
				for (Direction direction : Direction.values()) {
					bind(series, direction, known);
				}
			}
			else {
				CLASSIC.forEach((outcome) -> series.bind(NONE, Direction.OUTBOUND, outcome,
						(counts) -> counts.count(Direction.OUTBOUND, outcome)));
			}
		});
	}

	/**
	 * Return the own trust domain and those that the configuration federates with. An
	 * identity of the application that cannot tell them stops no start.
	 */
	private Set<TrustDomain> trustDomains() {
		Set<TrustDomain> known = new LinkedHashSet<>();
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
		for (TrustDomain trustDomain : known) {
			VERIFIED.forEach((outcome) -> series.bind(trustDomain.name(), direction, outcome,
					(counts) -> counts.count(direction, outcome, trustDomain)));
		}
		for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
			series.bind(OTHER, direction, outcome, (counts) -> others(counts, direction, outcome, known));
		}
	}

	/**
	 * Return the sum of what never decreases, rather than a difference, which could.
	 */
	private static long others(HandshakeCounts counts, Direction direction, HandshakeOutcome outcome,
			Set<TrustDomain> known) {
		return counts.count(direction, outcome, null) + counts.trustDomains()
			.stream()
			.filter((trustDomain) -> !known.contains(trustDomain))
			.mapToLong((trustDomain) -> counts.count(direction, outcome, trustDomain))
			.sum();
	}

	/**
	 * The counters of a bundle.
	 *
	 * @param registry the registry
	 * @param bundle the name of the bundle
	 * @param counts what is counted
	 */
	private record Series(MeterRegistry registry, String bundle, HandshakeCounts counts) {

		void bind(String trustDomain, Direction direction, HandshakeOutcome outcome,
				ToLongFunction<HandshakeCounts> count) {
			FunctionCounter.builder("spire.psat.handshakes", this.counts, count::applyAsLong)
				.tag("bundle", this.bundle)
				.tag("trust.domain", trustDomain)
				.tag("direction", value(direction))
				.tag("outcome", value(outcome))
				.description("Peers that presented a certificate and were accepted or refused")
				.register(this.registry);
		}

		private static String value(Enum<?> constant) {
			return constant.name().toLowerCase(Locale.ROOT);
		}

	}

}
