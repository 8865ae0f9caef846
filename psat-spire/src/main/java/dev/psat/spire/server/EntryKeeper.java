package dev.psat.spire.server;

import java.time.Duration;
import java.util.List;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the entry, and is patient with a server that does not know it yet: a node alias
 * takes effect with the next reload of the server's cache, and each server behind one
 * name has its own cache.
 */
final class EntryKeeper {

	private static final IdentityLog logger = new IdentityLog();

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final Duration EARLY = Duration.ofSeconds(30);

	private static final Duration EARLY_POLL = Duration.ofSeconds(1);

	private static final Duration POLL = Duration.ofSeconds(5);

	private final TrustDomain trustDomain;

	private final SvidPreference preference;

	private final Time time;

	private @Nullable Long missingSince;

	private boolean asked;

	private @Nullable AuthorizedEntry successor;

	private int candidates;

	private int mostCandidates = 1;

	private boolean ambiguous;

	EntryKeeper(TrustDomain trustDomain, SvidPreference preference, Time time) {
		this.trustDomain = trustDomain;
		this.preference = preference;
		this.time = time;
	}

	/** An entry counts as missing only while every visit asks for it. */
	boolean begin() {
		boolean poll = poll() != null;
		if (!this.asked) {
			forget();
		}
		this.asked = false;
		return poll;
	}

	/**
	 * No other entry replaces that of the SVID in force before it counts as missing:
	 * after an attestation, the server knows the entries of the agent ID itself at once,
	 * but those of a node alias only some seconds later.
	 */
	@Nullable AuthorizedEntry choose(List<AuthorizedEntry> entries, TokenClaims claims, @Nullable AuthorizedEntry inForce)
			throws VisitException {
		this.asked = true;
		EntryChoice choice = EntryChoice.of(entries, new EntryChoice.CandidateFilter(this.trustDomain, claims),
				this.preference, inForce);
		tell(choice);
		AuthorizedEntry entry = choice.entry();
		if (entry != null && !choice.lacksInForce()) {
			this.missingSince = null;
			this.successor = null;
			tellOfAmbiguity(entry, choice.isAmbiguous());
			return entry;
		}
		if (this.missingSince == null) {
			this.missingSince = this.time.nanos();
		}
		if (choice.lacksInForce() && !isMissed()) {
			return null;
		}
		if (inForce != null && entry != null) {
			tellOfSuccession(inForce, entry);
			return entry;
		}
		if (choice.isAmbiguous()) {
			throw new VisitException(VisitException.OwnReason.AMBIGUOUS_ENTRY,
					"The SPIRE Server has entries with several SPIFFE IDs for this pod: "
							+ IdentityLog.names(choice.wanted()),
					SvidPreference.SEVERAL_ADVICE);
		}
		if (isMissed()) {
			throw missing(choice, claims);
		}
		return null;
	}

	private void tell(EntryChoice choice) {
		this.candidates = choice.candidates().size();
		if (this.candidates > this.mostCandidates) {
			// several servers behind one name may alternate between different answers
			this.mostCandidates = this.candidates;
			logger.warn("This pod can obtain {} identities: {}", this.candidates,
					IdentityLog.names(choice.candidates()));
		}
	}

	private void tellOfAmbiguity(AuthorizedEntry entry, boolean ambiguous) {
		if (ambiguous && !this.ambiguous) {
			logger.warn("{} remains the identity until the next start, which will require a choice: {}",
					entry.spiffeId(), SvidPreference.SEVERAL_ADVICE);
		}
		this.ambiguous = ambiguous;
	}

	private void tellOfSuccession(AuthorizedEntry inForce, AuthorizedEntry successor) {
		if (!successor.equals(this.successor)) {
			this.successor = successor;
			logger.warn("{} is no longer authorized: after {} minutes without its entry, {} is used",
					inForce.spiffeId(), PATIENCE.toMinutes(), successor.spiffeId());
		}
	}

	private VisitException missing(EntryChoice choice, TokenClaims claims) {
		if (!choice.candidates().isEmpty()) {
			return missing("None of the entries of this pod has %s. Their SPIFFE IDs are %s"
				.formatted(this.preference.shown(), IdentityLog.names(choice.candidates())), this.preference.advice());
		}
		String namespace = FailureAdvice.namespace(claims);
		String serviceAccount = FailureAdvice.serviceAccount(claims);
		if (choice.passedOver() > 0) {
			return missing(
					"The SPIRE Server has no registration entry that this pod can use: %d were passed over"
						.formatted(choice.passedOver()),
					("Check that the entry has the selectors 'k8s:ns:%s' and 'k8s:sa:%s', that it is not an admin, "
							+ "downstream or storeSVID entry, and that its SPIFFE ID is one of '%s' and not under '/spire/'.")
						.formatted(namespace, serviceAccount, this.trustDomain));
		}
		return missing("The SPIRE Server has no registration entry for this pod",
				("Create an entry with the selectors 'k8s:ns:%1$s' and 'k8s:sa:%2$s' under a node alias that selects "
						+ "'k8s_psat:cluster', 'k8s_psat:agent_ns:%1$s' and 'k8s_psat:agent_sa:%2$s'.")
					.formatted(namespace, serviceAccount));
	}

	private static VisitException missing(String message, String advice) {
		return new VisitException(VisitException.OwnReason.NO_ENTRY, message, advice);
	}

	/** There were no visits in the meantime. */
	void forget() {
		this.missingSince = null;
	}

	int candidates() {
		return this.candidates;
	}

	/** An entry that has been missing for long is treated like any other failure. */
	@Nullable Duration poll() {
		if (this.missingSince == null || !this.asked || isMissed()) {
			return null;
		}
		return (missing().compareTo(EARLY) < 0) ? EARLY_POLL : POLL;
	}

	private boolean isMissed() {
		return missing().compareTo(PATIENCE) >= 0;
	}

	private Duration missing() {
		return (this.missingSince != null) ? Duration.ofNanos(this.time.nanos() - this.missingSince) : Duration.ZERO;
	}

}
