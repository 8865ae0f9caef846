package dev.psat.spire.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.FederationReport;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trust bundles of the trust domains with which both the configuration and the
 * entry federate. The server hands out any of them, so it is up to this class to ask for
 * no other. What it says ends trust at once, but a server that does not answer ends none,
 * and nothing that happens here is a failure of the visit.
 */
final class FederationKeeper {

	/** How long trust may go without a confirmation before that alone needs an agent. */
	private static final Duration PATIENCE = Duration.ofMinutes(10);

	/** How long all of them may keep a visit from ending, to which the last call adds. */
	private static final Duration ALL = Duration.ofSeconds(10);

	private final Map<TrustDomain, Federation.Domain> domains = new LinkedHashMap<>();

	/** Whom to ask first: whoever was not asked for the longest time. */
	private final List<TrustDomain> order;

	private final Time time;

	private final Outcomes outcomes;

	private final Consumer<Federation> publication;

	private final FederationReport report = new FederationReport();

	private final FederationReport.LeftOutReport leftOut = new FederationReport.LeftOutReport();

	/** What is told once everything is published: a log may hang. */
	private final List<Runnable> untold = new ArrayList<>();

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"The trust bundle of a federated trust domain could not be refreshed");

	private final Map<TrustDomain, Long> confirmedAt = new HashMap<>();

	/** Of which the server has answered in this visit. */
	private final Set<TrustDomain> answered = new HashSet<>();

	/**
	 * {@code null} before the entry was first seen. That of the SVID in force does not
	 * tell: that it ceases to federate need not be a new revision.
	 */
	private @Nullable Set<TrustDomain> federating;

	FederationKeeper(List<TrustDomain> configured, Time time, Outcomes outcomes, Consumer<Federation> publication) {
		this.order = new ArrayList<>(configured);
		this.time = time;
		this.outcomes = outcomes;
		this.publication = publication;
		configured.forEach((trustDomain) -> this.domains.put(trustDomain, Federation.Domain.of(trustDomain)));
		publish();
	}

	/**
	 * Trust has not been confirmed for ten minutes, so that a dead agent has to be
	 * replaced.
	 */
	boolean isOverdue() {
		long now = this.time.nanos();
		return this.confirmedAt.values().stream().anyMatch((at) -> now - at >= PATIENCE.toNanos());
	}

	void begin() {
		this.answered.clear();
	}

	/**
	 * It ended with the X.509-SVID, and does not come back with the next one unless the
	 * server has answered.
	 */
	void forgetUnconfirmed() {
		this.domains.values()
			.stream()
			.filter((domain) -> domain.bundle() != null && !this.answered.contains(domain.trustDomain()))
			.toList()
			.forEach((domain) -> become(domain.forgotten(), "The application asks again."));
	}

	/** Trust ends with whom the entry does not federate. */
	boolean learn(AuthorizedEntry entry) {
		Set<TrustDomain> federating = entry.federatesWith()
			.stream()
			.map(TrustDomain::of)
			.collect(Collectors.toUnmodifiableSet());
		boolean changed = !federating.equals(this.federating);
		this.federating = federating;
		this.confirmedAt.keySet().retainAll(federating);
		this.domains.values()
			.stream()
			.filter((domain) -> !federating.contains(domain.trustDomain()))
			.toList()
			.forEach((domain) -> become(domain.distrusted(FederationState.NOT_FEDERATED, this.time.now()),
					"Let it, with all that the entry has: spire-server entry update -entryID %s -federatesWith spiffe://%s …"
						.formatted(entry.id(), domain.trustDomain())));
		this.report.unlisted(entry.spiffeId(),
				entry.federatesWith()
					.stream()
					.filter((name) -> !this.domains.containsKey(TrustDomain.of(name)))
					.toList());
		tell();
		return changed;
	}

	/**
	 * Until the server is away, or keeps this visit waiting for all of them together. One
	 * that it does not answer for holds back no other.
	 */
	void refresh(Question question) {
		Set<TrustDomain> federating = this.federating;
		if (federating != null) {
			List<TrustDomain> asking = this.order.stream().filter(federating::contains).toList();
			asking.forEach((trustDomain) -> this.confirmedAt.putIfAbsent(trustDomain, this.time.nanos()));
			ask(asking, question);
		}
		tell();
	}

	private void ask(List<TrustDomain> trustDomains, Question question) {
		long began = this.time.nanos();
		for (TrustDomain trustDomain : trustDomains) {
			if (this.time.nanos() - began >= ALL.toNanos()) {
				return;
			}
			this.order.remove(trustDomain);
			this.order.add(trustDomain);
			if (!ask(trustDomain, question)) {
				return;
			}
		}
	}

	private boolean ask(TrustDomain trustDomain, Question question) {
		try {
			TrustBundle bundle = question.trustBundle(trustDomain);
			answered(get(trustDomain).answered(bundle, this.time.now()), "Ask whoever runs it.");
			this.untold.add(() -> this.leftOut.received(bundle));
			this.outcomes.refreshed(trustDomain, null);
			return true;
		}
		catch (VisitException ex) {
			return failed(trustDomain, ex);
		}
		// what another trust domain publishes must not keep the visit from continuing
		catch (RuntimeException | Error ex) {
			this.repeatedError.happened(ex);
			return failed(trustDomain, new VisitException(VisitException.OwnReason.UNEXPECTED,
					"The refresh ended with " + ex.getClass().getName(), "Check the log and report this as a bug."));
		}
	}

	private boolean failed(TrustDomain trustDomain, VisitException failure) {
		FailureReason reason = failure.failure();
		// which may not even have been asked
		if (reason != FailureReason.CANCELLED) {
			this.outcomes.refreshed(trustDomain, failure);
		}
		if (reason == FailureReason.TRUST_BUNDLE_NOT_FOUND) {
			answered(get(trustDomain).distrusted(FederationState.NO_BUNDLE, this.time.now()),
					"Set it, and federate the entry with it: spire-server bundle set -id spiffe://%s …"
						.formatted(trustDomain));
			return true;
		}
		if (reason == FailureReason.CANCELLED || AgentKeeper.isDeath(reason)) {
			// whoever needs an agent tells
			return false;
		}
		unanswered(get(trustDomain), failure);
		return !ServerCalls.isAway(reason);
	}

	private Federation.Domain get(TrustDomain trustDomain) {
		return this.domains.getOrDefault(trustDomain, Federation.Domain.of(trustDomain));
	}

	private void answered(Federation.Domain domain, String advice) {
		this.confirmedAt.put(domain.trustDomain(), this.time.nanos());
		this.answered.add(domain.trustDomain());
		this.report.answered(get(domain.trustDomain()));
		become(domain, advice);
	}

	private void unanswered(Federation.Domain known, VisitException failure) {
		publish(known.failed(failure.toLastError(this.time.now())));
		this.untold.add(() -> this.report.failed(known.trustDomain(), failure));
	}

	private void become(Federation.Domain domain, String advice) {
		Federation.Domain before = get(domain.trustDomain());
		publish(domain);
		this.untold.add(() -> FederationReport.became(before, domain, advice));
	}

	private void tell() {
		this.untold.forEach(Runnable::run);
		this.untold.clear();
	}

	private void publish(Federation.Domain domain) {
		this.domains.put(domain.trustDomain(), domain);
		publish();
	}

	private void publish() {
		this.publication.accept(new Federation(List.copyOf(this.domains.values())));
	}

	@FunctionalInterface
	interface Question {

		TrustBundle trustBundle(TrustDomain trustDomain) throws VisitException;

	}

}
