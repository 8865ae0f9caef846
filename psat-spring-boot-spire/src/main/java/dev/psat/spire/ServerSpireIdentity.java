package dev.psat.spire;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.X509Svid;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The identity that a SPIRE Server gives. What it has learned outlives a stop.
 */
final class ServerSpireIdentity implements SpireIdentity {

	/** Beside the timeout of the call itself, 30 seconds in all. */
	private static final Duration AGENT_PATIENCE = Duration.ofSeconds(10);

	private static final Duration ENTRY_PAUSE = Duration.ofMillis(500);

	private final Settings settings;

	private final Time time;

	private final TrustBundleKeeper bundles;

	private final EntryKeeper entries;

	private final SvidRenewal renewal;

	private final Outcomes outcomes = new Outcomes();

	private final StatusDelivery delivery = new StatusDelivery(this::status);

	private final SpirePublication publication;

	private final JwtSvids jwtSvids;

	private final TokenListener tokenListener = (previous, current) -> tokenChanged();

	private volatile @Nullable Residence residence;

	private volatile boolean closed;

	ServerSpireIdentity(Settings settings) {
		this.settings = settings;
		this.time = settings.time();
		this.bundles = new TrustBundleKeeper(settings.trustDomain(), settings.trustBundle(), this.time);
		this.entries = new EntryKeeper(settings.trustDomain(), settings.wish(), this.time);
		this.renewal = new SvidRenewal(settings.keyType(), this.time);
		this.publication = new SpirePublication(this.time, this.delivery::request);
		this.jwtSvids = new JwtSvids(this::issueJwtSvid, this.time);
	}

	@Override
	public X509Svid x509Svid() {
		HeldSvid held = this.publication.snapshot().svid();
		if (held == null || this.time.now().isAfter(held.svid().expiresAt())) {
			throw unavailable("No X.509-SVID is in force");
		}
		return held.svid();
	}

	@Override
	public TrustBundle trustBundle() {
		TrustBundle bundle = this.bundles.current();
		if (bundle == null) {
			throw unavailable("No trust bundle was read yet");
		}
		return bundle;
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		Set<String> audiences = new TreeSet<>(List.of(more));
		audiences.add(audience);
		audiences.forEach((each) -> Assert.hasText(each, "'audience' must not be blank"));
		return this.jwtSvids.get(Collections.unmodifiableSet(audiences));
	}

	@Override
	public SpireStatus status() {
		return this.publication.snapshot().status(this.settings, this.bundles.current(), this.time.now());
	}

	@Override
	public void addObserver(SpireObserver observer) {
		this.outcomes.add(observer);
		this.delivery.add(observer);
	}

	@Override
	public synchronized void start() {
		Assert.state(!this.closed, "The SPIRE identity is closed");
		if (this.residence == null) {
			Residence residence = new Residence(this.settings, this.bundles, this.entries, this.renewal, this.outcomes,
					this.publication);
			residence.start();
			this.residence = residence;
			TokenSource source = this.settings.tokenSource();
			if (source != null) {
				source.addListener(this.tokenListener);
			}
		}
	}

	@Override
	public synchronized void stop() {
		Residence residence = this.residence;
		this.residence = null;
		if (residence != null) {
			TokenSource source = this.settings.tokenSource();
			if (source != null) {
				source.removeListener(this.tokenListener);
			}
			residence.close();
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		stop();
		this.delivery.close();
	}

	/**
	 * A token is what a refused attestation may have waited for.
	 */
	private void tokenChanged() {
		SpireStatus.LastError error = this.publication.snapshot().lastError();
		Residence residence = this.residence;
		if (residence != null && error != null
				&& error.reason().equals(VisitException.OwnReason.TOKEN_UNAVAILABLE.name())) {
			residence.nudge();
		}
	}

	private JwtSvids.Issued issueJwtSvid(Set<String> audience) {
		long deadline = this.time.nanos() + AGENT_PATIENCE.toNanos();
		for (boolean repeated = false;; repeated = true) {
			HeldSvid held = this.publication.snapshot().svid();
			Residence residence = this.residence;
			if (residence == null || held == null) {
				throw unavailable("No JWT-SVID can be obtained");
			}
			Agent agent = agent(residence, deadline);
			try {
				JwtSvid svid = agent.connection().newJwtSvid(held.entry(), audience);
				return new JwtSvids.Issued(svid, !held.entry().jwtSvidIncludesJti());
			}
			catch (SpireException ex) {
				VisitException failure = new VisitException(ex, FailureAdvice.of(ex.reason(), agent.claims()));
				if (AgentKeeper.isDeath(ex.reason())) {
					residence.agents().died(agent, failure);
				}
				// another thread may have replaced the agent, which ends its calls
				boolean gone = residence.agents().current() != agent;
				if (!isWorthRepeating(ex.reason(), gone && !repeated, deadline)) {
					throw new SvidUnavailableException("The SPIRE Server issued no JWT-SVID: " + failure.getMessage(),
							stateAfter(ex.reason()), failure.advice());
				}
			}
		}
	}

	/**
	 * The entry that the server does not find may be one that it does not know of a new
	 * agent yet.
	 */
	private boolean isWorthRepeating(FailureReason reason, boolean replaceable, long deadline) {
		return (reason == FailureReason.ENTRY_NOT_FOUND) ? pause(deadline)
				: replaceable && reason != FailureReason.AGENT_BANNED;
	}

	private boolean pause(long deadline) {
		try {
			TimeUnit.NANOSECONDS.sleep(ENTRY_PAUSE.toNanos());
			return this.time.nanos() < deadline;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private SpireState stateAfter(FailureReason reason) {
		return (reason == FailureReason.AGENT_BANNED) ? SpireState.BANNED : status().state();
	}

	private Agent agent(Residence residence, long deadline) {
		Agent agent = residence.agents().current();
		if (agent == null) {
			await(residence.want(), deadline);
			agent = residence.agents().current();
		}
		if (agent == null) {
			throw unavailable("The SPIRE Server does not accept this application as an agent");
		}
		return agent;
	}

	private void await(Future<Void> visit, long deadline) {
		try {
			visit.get(deadline - this.time.nanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// what is known has to do
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private SvidUnavailableException unavailable(String message) {
		SpireStatus status = status();
		SpireStatus.LastError error = status.lastError();
		return (error != null)
				? new SvidUnavailableException("%s: %s".formatted(message, error.message()), status.state(),
						error.advice())
				: new SvidUnavailableException(message, status.state(),
						"Wait until the SPIRE Server has answered: the state is %s.".formatted(status.state()));
	}

}
