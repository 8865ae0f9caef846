package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

import javax.net.ssl.SSLSession;

import dev.psat.concurrent.internal.LogThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the outcomes of handshakes, and logs refused peers: each one that a trust bundle
 * vouches for and each server that this application wanted once a minute, and the others,
 * whose names prove nothing, once a minute for each direction and outcome. Since anybody
 * can connect as often as they like, there are at most a hundred lines a minute for the
 * workloads of each trust domain, which so hide none of another, and for all strangers
 * together.
 */
final class PeerReport implements HandshakeCounts {

	private static final Logger logger = LoggerFactory.getLogger("dev.psat.spire.tls.SvidTls");

	private static final int CAUSES = EndCause.values().length;

	private final OutcomeCounts counts = new OutcomeCounts();

	private final AtomicLongArray ended = new AtomicLongArray(Direction.values().length * CAUSES);

	private final Map<TrustDomain, RateLimit> limits = new ConcurrentHashMap<>();

	private final RateLimit limit;

	private final PeerLog peers;

	private final DryRunReport dryRun;

	private final Clock clock;

	/**
	 * The end of connections must not wait for a log: neither in the thread that ends
	 * them, nor in a handshake whose connection has been registered, and cannot be looked
	 * at meanwhile.
	 */
	private final Executor lines;

	PeerReport(Time time) {
		this(time.clock(), new LogThread("spire-connections-log",
				new RepeatedError(PeerReport.class, "What has become of a connection could not be logged"), time));
	}

	PeerReport(Clock clock, Executor lines) {
		this.lines = lines;
		this.peers = new PeerLog(clock);
		this.limit = new RateLimit(clock);
		this.dryRun = new DryRunReport(clock, lines::execute);
		this.clock = clock;
	}

	@Override
	public long count(Direction direction, HandshakeOutcome outcome) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
		return this.counts.total(direction, outcome);
	}

	@Override
	public long count(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(outcome, "'outcome' must not be null");
		return this.counts.of(direction, outcome, trustDomain);
	}

	@Override
	public Set<TrustDomain> trustDomains() {
		return this.counts.trustDomains();
	}

	@Override
	public long unlisted(Direction direction) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		return this.dryRun.count(direction);
	}

	PeerLog peers() {
		return this.peers;
	}

	void accepted(OpenConnection.Handshake handshake, @Nullable String reservation) {
		X509Svid peer = handshake.peer();
		this.counts.increment(handshake.direction(), HandshakeOutcome.ACCEPTED,
				(peer != null) ? peer.spiffeId().trustDomain() : null);
		this.peers.accepted(handshake, (peer != null && reservation != null)
				? "The peer %s %s".formatted(peer.spiffeId(), reservation) : null);
		if (peer != null && reservation != null) {
			this.dryRun.unlisted(handshake.direction(), peer.spiffeId(), reservation);
		}
	}

	void unauthorized(OpenConnection.Handshake handshake, String problem) {
		X509Svid peer = handshake.peer();
		refused(handshake.direction(), HandshakeOutcome.UNAUTHORIZED,
				(peer != null) ? peer.spiffeId().trustDomain() : null, problem, problem);
		this.peers.refused(handshake, problem);
	}

	void refused(Direction direction, HandshakeOutcome outcome, String problem) {
		// an untrusted peer can claim any name, so it cannot be a key
		refused(direction, outcome, null, "", problem);
		this.peers.untrusted(direction, problem);
	}

	void untrusted(String server, String problem) {
		String refusal = server + ": " + problem;
		refused(Direction.OUTBOUND, HandshakeOutcome.UNTRUSTED, null, refusal, refusal);
	}

	// many do not mind
	void withheld(String server, int issuers) {
		logger.debug(
				"{} gets no X.509-SVID: it names {} issuers, of which none has issued it or is an authority of the trust domain",
				server, issuers);
	}

	static String server(@Nullable SSLSession session) {
		return (session != null && session.getPeerHost() != null)
				? "%s:%d".formatted(session.getPeerHost(), session.getPeerPort()) : "a server without a name";
	}

	private void refused(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain, String known,
			String problem) {
		this.counts.increment(direction, outcome, trustDomain);
		if (limitOf(trustDomain).permits(direction + " " + outcome + " " + known)) {
			logger.warn("{} refused: {}", (direction == Direction.INBOUND) ? "A client was" : "A server was", problem);
		}
	}

	/**
	 * Record that a connection was ended. One that was due should have been replaced by
	 * then, and may just have been kept by a pool.
	 */
	void ended(Direction direction, ConnectionJudge.Verdict verdict, @Nullable SpiffeId peer, boolean due) {
		this.ended.incrementAndGet(index(direction, verdict.cause()));
		boolean routine = verdict.cause() == EndCause.EXPIRED && (direction == Direction.INBOUND || due);
		String subject = (verdict.cause() == EndCause.UNAUTHORIZED) ? " " + peer : " " + routine;
		RateLimit limit = limitOf((peer != null) ? peer.trustDomain() : null);
		if (limit.permits("ended " + direction + " " + verdict.cause() + subject)) {
			String line = (direction == Direction.INBOUND) ? "The connection of a client was ended: {}"
					: "The connection to a server was ended: {}";
			this.lines.execute(
					routine ? () -> logger.info(line, verdict.reason()) : () -> logger.warn(line, verdict.reason()));
		}
	}

	RepeatedError errors(String message) {
		return new RepeatedError(TlsIdentity.class, message, this.lines);
	}

	long ended(Direction direction, EndCause cause) {
		return this.ended.get(index(direction, cause));
	}

	private static int index(Direction direction, EndCause cause) {
		return direction.ordinal() * CAUSES + cause.ordinal();
	}

	private RateLimit limitOf(@Nullable TrustDomain trustDomain) {
		return (trustDomain != null && this.counts.names(trustDomain))
				? this.limits.computeIfAbsent(trustDomain, (added) -> new RateLimit(this.clock)) : this.limit;
	}

	void unasked() {
		if (this.limit.permits("unasked")) {
			logger.warn("A client was turned away: the server does not require a client certificate, so the SSL "
					+ "bundle could not decide who may connect");
		}
	}

	void absent(String reason) {
		if (this.limit.permits("absent")) {
			logger.warn("A client was turned away: there is no X.509-SVID to serve. {}", reason);
		}
	}

	/** Permits each subject once a minute, and at most a hundred subjects a minute. */
	static final class RateLimit {

		private static final long MINUTE = Duration.ofMinutes(1).toMillis();

		private static final int MOST = 100;

		private final Clock clock;

		private final Map<String, Long> permitted = new HashMap<>();

		RateLimit(Clock clock) {
			this.clock = clock;
		}

		synchronized boolean permits(String subject) {
			long now = this.clock.millis();
			this.permitted.values().removeIf((at) -> now - at >= MINUTE || now < at);
			return this.permitted.size() < MOST && this.permitted.putIfAbsent(subject, now) == null;
		}

	}

	/**
	 * Counts of outcomes by direction and trust domain, of which only verified ones may
	 * be counted by name, and of these no more than a hundred: an identity may trust whom
	 * it likes. None of the counts ever decreases.
	 */
	static final class OutcomeCounts {

		private static final int OUTCOMES = HandshakeOutcome.values().length;

		private static final int MOST = 100;

		private final AtomicLongArray others = counts();

		private final Map<TrustDomain, AtomicLongArray> byTrustDomain = new ConcurrentHashMap<>();

		void increment(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain) {
			countsOf(trustDomain).incrementAndGet(index(direction, outcome));
		}

		private AtomicLongArray countsOf(@Nullable TrustDomain trustDomain) {
			if (trustDomain == null) {
				return this.others;
			}
			AtomicLongArray counts = this.byTrustDomain.get(trustDomain);
			return (counts != null) ? counts : firstOf(trustDomain);
		}

		private synchronized AtomicLongArray firstOf(TrustDomain trustDomain) {
			if (this.byTrustDomain.size() >= MOST) {
				return this.byTrustDomain.getOrDefault(trustDomain, this.others);
			}
			return this.byTrustDomain.computeIfAbsent(trustDomain, (added) -> counts());
		}

		long total(Direction direction, HandshakeOutcome outcome) {
			int index = index(direction, outcome);
			return this.others.get(index)
					+ this.byTrustDomain.values().stream().mapToLong((counts) -> counts.get(index)).sum();
		}

		long of(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain) {
			AtomicLongArray counts = (trustDomain != null) ? this.byTrustDomain.get(trustDomain) : this.others;
			return (counts != null) ? counts.get(index(direction, outcome)) : 0;
		}

		boolean names(TrustDomain trustDomain) {
			return this.byTrustDomain.containsKey(trustDomain);
		}

		Set<TrustDomain> trustDomains() {
			return Set.copyOf(this.byTrustDomain.keySet());
		}

		private static AtomicLongArray counts() {
			return new AtomicLongArray(Direction.values().length * OUTCOMES);
		}

		private static int index(Direction direction, HandshakeOutcome outcome) {
			return direction.ordinal() * OUTCOMES + outcome.ordinal();
		}

	}

	/**
	 * Counts and logs the peers that only a dry run has let in: each of them once, as
	 * long as there are no more than a thousand, and at most a hundred a minute.
	 */
	static final class DryRunReport {

		private static final int MOST = 1000;

		private static final float LOAD = 0.75f;

		private final AtomicLongArray counts = new AtomicLongArray(Direction.values().length);

		/** The one that has been seen least recently is told again first. */
		private final Set<String> told = Collections.newSetFromMap(new LinkedHashMap<>(16, LOAD, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
				return size() > MOST;
			}

		});

		private final RateLimit limit;

		private final Consumer<Runnable> lines;

		DryRunReport(Clock clock, Consumer<Runnable> lines) {
			this.lines = lines;
			this.limit = new RateLimit(clock);
		}

		void unlisted(Direction direction, SpiffeId peer, String reservation) {
			this.counts.incrementAndGet(direction.ordinal());
			if (isNews(direction + " " + peer)) {
				this.lines.accept(() -> logger.warn("{} on a dry run: The peer {} {}",
						(direction == Direction.INBOUND) ? "A client was let in" : "A server was called", peer,
						reservation));
			}
		}

		/** A peer that comes while the limit is reached is told when it comes again. */
		private boolean isNews(String subject) {
			synchronized (this.told) {
				if (this.told.contains(subject)) {
					// which does not count as access
					this.told.add(subject);
					return false;
				}
				return this.limit.permits(subject) && this.told.add(subject);
			}
		}

		int remembered() {
			synchronized (this.told) {
				return this.told.size();
			}
		}

		long count(Direction direction) {
			return this.counts.get(direction.ordinal());
		}

	}

}
