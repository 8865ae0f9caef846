package dev.psat.spire.workload;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadX509Svid;
import dev.psat.spire.workload.client.WorkloadX509Update;
import org.jspecify.annotations.Nullable;

/**
 * What a message of the stream of X.509-SVIDs means, which replaces everything. With a
 * failure, the X.509-SVID in force is used a little longer, with whom the agent now lets
 * this application trust.
 */
record X509Decision(WorkloadSnapshot snapshot, SvidChoice choice, @Nullable VisitException failure) {

	/** The fraction of its lifetime by which an X.509-SVID should have been replaced. */
	private static final double OVERDUE = 0.6;

	static X509Decision of(WorkloadX509Update message, WorkloadSnapshot before, SvidPreference preference, Time time) {
		SpiffeId inForce = (before.svid() != null) ? before.svid().svid().spiffeId() : null;
		SvidChoice choice = SvidChoice.of(message.svids(), preference, inForce);
		WorkloadX509Svid svid = choice.svid();
		VisitException failure = (svid != null) ? revoked(svid, time) : choice.failure();
		if (svid != null && failure == null) {
			OfferedTrust trust = before.trust().offered(svid.trustBundle(), message.federatedBundles(), time.now());
			return new X509Decision(before.holding(held(svid, before, time), trust, choice.candidates()), choice, null);
		}
		OfferedTrust trust = trust(before, message, time.now());
		boolean offered = svid != null && (inForce == null || inForce.equals(svid.svid().spiffeId()));
		WorkloadSnapshot next = offered ? before.keeping(trust, choice.candidates())
				: before.offered(trust, choice.candidates()).refused(WorkloadPublication.withdrawal(time));
		return new X509Decision(next.failed(Objects.requireNonNull(failure).toLastError(time.now())), choice, failure);
	}

	/**
	 * An agent that learns that an authority was tainted and revoked at once replaces its
	 * X.509-SVIDs no sooner than otherwise.
	 */
	private static @Nullable VisitException revoked(WorkloadX509Svid svid, Time time) {
		try {
			svid.trustBundle().verifyIssued(svid.svid(), time.now());
			return null;
		}
		catch (CertificateException ex) {
			return new VisitException(WorkloadFailureReason.INVALID_SVID,
					"The agent offers an X.509-SVID that cannot be trusted: " + ex.getMessage(),
					"If its authority was revoked, the agent replaces it at half of its lifetime, or at once if it is restarted. Otherwise, check the agent's log.");
		}
	}

	/** The same as before if the agent has only said it again. */
	private static HeldSvid held(WorkloadX509Svid offered, WorkloadSnapshot snapshot, Time time) {
		X509Svid svid = offered.svid();
		HeldSvid before = snapshot.svid();
		if (before != null && isSame(before.svid(), svid)) {
			return before;
		}
		long generation = snapshot.svids() + 1;
		// JWT-SVIDs of an identity that was withdrawn are not used again
		String version = (before != null && before.svid().spiffeId().equals(svid.spiffeId()))
				? before.subject().version() : Long.toString(generation);
		return new HeldSvid(svid, offered.privateKey(), new HeldSvid.Subject(svid.spiffeId(), version, false),
				generation, overdue(svid, time));
	}

	private static boolean isSame(X509Svid one, X509Svid other) {
		return one.chain().equals(other.chain()) && Objects.equals(one.hint(), other.hint());
	}

	private static Renewal overdue(X509Svid svid, Time time) {
		Duration life = Duration.between(svid.issuedAt(), svid.expiresAt());
		Instant at = svid.issuedAt().plusMillis((long) (life.toMillis() * OVERDUE));
		return new Renewal(time.nanos(), Duration.between(time.now(), at), at);
	}

	private static OfferedTrust trust(WorkloadSnapshot snapshot, WorkloadX509Update message, Instant now) {
		TrustBundle own = (snapshot.svid() != null) ? bundle(message.svids(), snapshot.svid().svid()) : null;
		Map<TrustDomain, TrustBundle> federated = message.federatedBundles();
		TrustBundle known = snapshot.trust().x509();
		if (snapshot.svid() == null || known == null) {
			return snapshot.trust();
		}
		return snapshot.trust().offered((own != null) ? own : known, federated, now);
	}

	private static @Nullable TrustBundle bundle(List<WorkloadX509Svid> svids, X509Svid held) {
		return svids.stream()
			.map(WorkloadX509Svid::trustBundle)
			.filter((bundle) -> bundle.trustDomain().equals(held.spiffeId().trustDomain()))
			.findFirst()
			.orElse(null);
	}

	/**
	 * The choice among the X.509-SVIDs that the agent offers. What the standard calls the
	 * default is not taken, since its order is chance.
	 */
	record SvidChoice(@Nullable WorkloadX509Svid svid, Set<SpiffeId> ids, Set<String> offered, Set<String> wanted,
			SvidPreference preference) {

		/** The ID in force is kept as long as it is offered. */
		static SvidChoice of(List<WorkloadX509Svid> svids, SvidPreference preference, @Nullable SpiffeId inForce) {
			List<WorkloadX509Svid> wanted = svids.stream()
				.filter((svid) -> preference.isMetBy(svid.svid().spiffeId(), svid.svid().hint()))
				.toList();
			WorkloadX509Svid svid = wanted.stream()
				.filter((each) -> each.svid().spiffeId().equals(inForce))
				.findFirst()
				.orElse((ids(wanted).size() == 1) ? wanted.get(0) : null);
			return new SvidChoice(svid, ids(svids), shown(svids), shown(wanted), preference);
		}

		private static Set<SpiffeId> ids(List<WorkloadX509Svid> svids) {
			return svids.stream().map((svid) -> svid.svid().spiffeId()).collect(Collectors.toSet());
		}

		private static Set<String> shown(List<WorkloadX509Svid> svids) {
			Set<String> shown = new TreeSet<>();
			svids.forEach((svid) -> shown.add(shown(svid.svid())));
			return shown;
		}

		private static String shown(X509Svid svid) {
			return (svid.hint() != null) ? "%s (hint '%s')".formatted(svid.spiffeId(), svid.hint())
					: svid.spiffeId().toString();
		}

		int candidates() {
			return this.ids.size();
		}

		String lack(SpiffeId spiffeId) {
			return this.ids.contains(spiffeId) ? "no longer has " + this.preference.shown()
					: "is no longer offered by the agent";
		}

		boolean isAmbiguous() {
			return this.wanted.size() > 1;
		}

		VisitException failure() {
			if (isAmbiguous()) {
				return new VisitException(VisitException.OwnReason.AMBIGUOUS_ENTRY,
						"The agent offers several SPIFFE IDs to this application: " + IdentityLog.names(this.wanted),
						SvidPreference.SEVERAL_ADVICE);
			}
			return new VisitException(VisitException.OwnReason.NO_ENTRY,
					"None of the X.509-SVIDs that the agent offers has %s, but these: %s"
						.formatted(this.preference.shown(), IdentityLog.names(this.offered)),
					this.preference.advice());
		}

	}

}
