package dev.psat.tlstests;

import dev.psat.spire.tls.HandshakeOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Peers of an application that federates with the trust domain of {@link Partners}.
 */
public enum FederatedPeer {

	/** A workload of the partner that a list names. */
	LISTED(Partners.LISTED, HandshakeOutcome.ACCEPTED),

	/** The same below a further authority of the partner. */
	LISTED_BELOW_INTERMEDIATE(Partners.LISTED, HandshakeOutcome.ACCEPTED),

	/** The same below a further authority without an ID. */
	LISTED_BELOW_UNNAMED_INTERMEDIATE(Partners.LISTED, HandshakeOutcome.ACCEPTED),

	/** A workload of the partner below a path on a list. */
	BELOW_PATH("spiffe://partner.org/ns/pay/sa/ledger", HandshakeOutcome.ACCEPTED),

	/** A listed workload of the own trust domain. */
	OWN(TlsWorld.LISTED, HandshakeOutcome.ACCEPTED),

	/** A workload of the own trust domain that no list names. */
	OWN_STRANGER(TlsWorld.STRANGER, HandshakeOutcome.UNAUTHORIZED),

	/** A workload of the partner that no list names. */
	STRANGER("spiffe://partner.org/ns/shop/sa/mailer", HandshakeOutcome.UNAUTHORIZED),

	/** A workload of the partner with the path of a listed one of ours. */
	NAMESAKE("spiffe://partner.org/ns/shop/sa/checkout", HandshakeOutcome.UNAUTHORIZED),

	/** The partner's SPIRE Server. */
	SPIRE_SERVER("spiffe://partner.org/spire/server", HandshakeOutcome.UNAUTHORIZED),

	/** An agent of the partner. */
	AGENT("spiffe://partner.org/spire/agent/k8s_psat/demo/pod/1", HandshakeOutcome.UNAUTHORIZED),

	/** Anything else that the partner's SPIRE has reserved. */
	RESERVED("spiffe://partner.org/spire/orders", HandshakeOutcome.UNAUTHORIZED),

	/** A listed ID of ours, signed by the partner's authority. */
	OURS(TlsWorld.LISTED, HandshakeOutcome.UNTRUSTED),

	/** The same below a further authority of the partner. */
	OURS_BELOW_INTERMEDIATE(TlsWorld.LISTED, HandshakeOutcome.UNTRUSTED),

	/** The same below a further authority of the partner, which claims to be ours. */
	OURS_BELOW_IMPOSTOR(TlsWorld.LISTED, HandshakeOutcome.UNTRUSTED),

	/** The same below a further authority without an ID. */
	OURS_BELOW_UNNAMED_INTERMEDIATE(TlsWorld.LISTED, HandshakeOutcome.UNTRUSTED),

	/** A listed ID of the partner, signed by our authority. */
	PARTNERS_BY_US(Partners.LISTED, HandshakeOutcome.UNTRUSTED),

	/** A workload of a trust domain that the entry federates with, and nothing else. */
	NOT_CONFIGURED("spiffe://third.org/ns/shop/sa/bank", HandshakeOutcome.UNTRUSTED),

	/** A listed workload of a trust domain that the entry does not federate with. */
	NOT_FEDERATED("spiffe://fourth.org/ns/shop/sa/bank", HandshakeOutcome.UNTRUSTED);

	private final String id;

	private final HandshakeOutcome outcome;

	FederatedPeer(String id, HandshakeOutcome outcome) {
		this.id = id;
		this.outcome = outcome;
	}

	String id() {
		return this.id;
	}

	/**
	 * Return what becomes of its handshake.
	 * @param anyOfOurs whether every workload of the own trust domain may connect
	 */
	HandshakeOutcome outcome(boolean anyOfOurs) {
		return (anyOfOurs && this == OWN_STRANGER) ? HandshakeOutcome.ACCEPTED : this.outcome;
	}

	/**
	 * Return the name of the trust domain that vouches for it, {@code null} if none does.
	 */
	@Nullable String vouchedForBy() {
		if (this.outcome == HandshakeOutcome.UNTRUSTED) {
			return null;
		}
		return (this == OWN || this == OWN_STRANGER) ? "example.org" : Partners.TRUST_DOMAIN;
	}

}
