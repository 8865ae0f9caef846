package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.concurrent.internal.LogThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

final class ListFileLog {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	/** A log may hang, but a peer that was removed must not stay connected. */
	private static final LogThread lines = new LogThread("spire-lists-log",
			new RepeatedError(SpiffeSslBundle.class, "What has become of a list could not be logged"), Time.ofSystem());

	private static final int MOST_NAMED = 10;

	private final String property;

	private final ItemRules rules;

	private final AtomicReference<List<String>> unknown = new AtomicReference<>(List.of());

	private volatile @Nullable TrustDomain own;

	private @Nullable String problem;

	ListFileLog(String property, ItemRules rules) {
		this.property = property;
		this.rules = rules;
	}

	void read(Path path, @Nullable PeerList before, PeerList list) {
		if (before != null && this.problem == null && !before.items().equals(list.items())) {
			info(LogMessage.format("'%s' has changed (entries: %d, added: %d, removed: %d): %s", this.property,
					list.size(), without(list.items(), before.items()), without(before.items(), list.items()), path));
		}
		tell(this.own, list);
	}

	private static int without(Set<String> items, Set<String> others) {
		Set<String> left = new HashSet<>(items);
		left.removeAll(others);
		return left.size();
	}

	void became(PeerLists.FileStatus status) {
		String problem = status.error();
		String before = this.problem;
		this.problem = problem;
		if (problem != null && !problem.equals(before)) {
			warn(LogMessage.format(consequence(status), this.property, problem, status.entries()));
		}
		else if (problem == null && before != null) {
			info(LogMessage.format("'%s' can be read now (entries: %d)", this.property, status.entries()));
		}
	}

	private static String consequence(PeerLists.FileStatus status) {
		if (status.state() == PeerLists.FileStatus.State.PINNED) {
			return "'%s' may never change: %s";
		}
		return (status.readAt() != null)
				? "'%s' cannot be read anew: %s. What it listed last stays in force (entries: %d)"
				: "'%s' authorizes nobody until it can be read: %s";
	}

	void own(TrustDomain own, PeerList list) {
		this.own = own;
		tell(own, list);
	}

	private static void info(LogMessage line) {
		lines.execute(() -> logger.info(line));
	}

	private static void warn(LogMessage line) {
		lines.execute(() -> logger.warn(line));
	}

	static Executor lines() {
		return lines;
	}

	private void tell(@Nullable TrustDomain own, PeerList list) {
		if (own == null) {
			return;
		}
		List<String> unknown = list.itemsOf((trustDomain) -> !this.rules.isKnown(trustDomain, own));
		if (!unknown.equals(this.unknown.getAndSet(unknown)) && !unknown.isEmpty()) {
			warn(LogMessage.format(
					"'%s' lists %s%s, which can never connect: the own trust domain is '%s', and 'spire.federates-with' does not list another one",
					this.property, String.join(" and ", unknown.subList(0, Math.min(MOST_NAMED, unknown.size()))),
					(unknown.size() > MOST_NAMED) ? " and %d others".formatted(unknown.size() - MOST_NAMED) : "", own));
		}
	}

}
