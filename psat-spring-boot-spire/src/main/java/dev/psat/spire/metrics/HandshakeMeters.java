package dev.psat.spire.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Counters of accepted and refused peers. All exist from the start, so that the first
 * refusal is an increase, and no name that a peer claims adds any. Those of the own trust
 * domain exist once it is known, before the first peer can be accepted.
 */
final class HandshakeMeters {

	/** Peers of trust domains that are not named, or that no trust bundle vouches for. */
	private static final String OTHER = "other";

	/** An identity bundle verifies servers by a CA and their host name. */
	private static final String NONE = "none";

	private static final List<HandshakeOutcome> VERIFIED = List.of(HandshakeOutcome.ACCEPTED,
			HandshakeOutcome.UNAUTHORIZED);

	private static final List<HandshakeOutcome> CLASSIC = List.of(HandshakeOutcome.ACCEPTED,
			HandshakeOutcome.UNTRUSTED);

	private final MeterRegistry registry;

	private final Map<String, ? extends SvidSslBundle> bundles;

	/** The trust domains with counters of their own. */
	private final Set<TrustDomain> named = ConcurrentHashMap.newKeySet();

	HandshakeMeters(MeterRegistry registry, Map<String, ? extends SvidSslBundle> bundles) {
		this.registry = registry;
		this.bundles = bundles;
	}

	void bind(@Nullable SpireStatus status) {
		if (status != null) {
			nameOwn(status);
			status.federation().forEach((federated) -> name(federated.trustDomain()));
		}
		this.bundles.forEach((name, bundle) -> {
			HandshakeCounts counts = bundle.handshakes();
			if (bundle instanceof SpiffeSslBundle) {
				List.of(Direction.values()).forEach((direction) -> bindOthers(name, counts, direction));
			}
			else {
				CLASSIC.forEach((outcome) -> bind(name, counts, NONE, Direction.OUTBOUND, outcome,
						(current) -> current.count(Direction.OUTBOUND, outcome)));
			}
		});
	}

	void nameOwn(SpireStatus status) {
		if (status.trustDomain() != null) {
			name(status.trustDomain());
		}
	}

	private void name(TrustDomain trustDomain) {
		// a name like any other, whose counters would take the place of those of all
		// others
		if (trustDomain.name().equals(OTHER) || this.named.contains(trustDomain)) {
			return;
		}
		this.bundles.forEach((name, bundle) -> {
			if (bundle instanceof SpiffeSslBundle) {
				for (Direction direction : Direction.values()) {
					VERIFIED.forEach((outcome) -> bind(name, bundle.handshakes(), trustDomain.name(), direction,
							outcome, (counts) -> counts.count(direction, outcome, trustDomain)));
				}
			}
		});
		this.named.add(trustDomain);
	}

	private void bindOthers(String bundle, HandshakeCounts counts, Direction direction) {
		for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
			bind(bundle, counts, OTHER, direction, outcome, (current) -> others(current, direction, outcome));
		}
		FunctionCounter.builder("spire.handshakes.unlisted", counts, (current) -> current.unlisted(direction))
			.tag("bundle", bundle)
			.tag("direction", value(direction))
			.description("Peers that were only accepted since the lists are on a dry run")
			.register(this.registry);
	}

	/** The sum of what never decreases, rather than a difference, which could. */
	private long others(HandshakeCounts counts, Direction direction, HandshakeOutcome outcome) {
		return counts.count(direction, outcome, null) + counts.trustDomains()
			.stream()
			.filter((trustDomain) -> !this.named.contains(trustDomain))
			.mapToLong((trustDomain) -> counts.count(direction, outcome, trustDomain))
			.sum();
	}

	private void bind(String bundle, HandshakeCounts counts, String trustDomain, Direction direction,
			HandshakeOutcome outcome, ToLongFunction<HandshakeCounts> count) {
		// or the number of all others would decrease once a trust domain is named
		AtomicLong highest = new AtomicLong();
		FunctionCounter
			.builder("spire.handshakes", counts,
					(current) -> highest.accumulateAndGet(count.applyAsLong(current), Math::max))
			.tag("bundle", bundle)
			.tag("trust.domain", trustDomain)
			.tag("direction", value(direction))
			.tag("outcome", value(outcome))
			.description("Peers that presented a certificate and were accepted or refused")
			.register(this.registry);
	}

	static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
