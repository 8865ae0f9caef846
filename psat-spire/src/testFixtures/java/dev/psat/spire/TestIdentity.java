package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import org.jspecify.annotations.Nullable;

/**
 * An identity of a user, whose status is what a test says.
 */
public final class TestIdentity implements SpireIdentity {

	/** When the SVIDs of these tests expire. */
	public static final Instant EXPIRES_AT = Instant.parse("2026-11-25T21:00:00Z");

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00.123456789Z");

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final AtomicInteger asked = new AtomicInteger();

	private final List<SpireObserver> observers = new CopyOnWriteArrayList<>();

	private volatile SpireStatus status = status(SpireState.STARTING, null, null);

	private volatile @Nullable TrustBundle trustBundle;

	public static SpireStatus ready(int serialNumber) {
		return status(SpireState.READY, svid(serialNumber), null);
	}

	/**
	 * Ready with an X.509-SVID of another generation.
	 */
	public static SpireStatus ready(int serialNumber, long generation) {
		return status(SpireState.READY, svid(serialNumber, generation), null);
	}

	public static SpireStatus failing(SpireState state, boolean withSvid) {
		return status(state, withSvid ? svid(1) : null,
				SpireStatus.LastError
					.builder("UNREACHABLE", NOW, "The SPIRE Server cannot be reached", "Check that it runs.")
					.build());
	}

	public static SpireStatus failing(String reason) {
		return status(SpireState.ATTESTING, null,
				SpireStatus.LastError.builder(reason, NOW, "It failed", "Mend it.").build());
	}

	/**
	 * Ready with the same X.509-SVID and other authorities.
	 */
	public static SpireStatus trusting(int authorities, long generation) {
		return ready(1).mutate()
			.trustBundle(
					SpireStatus.Bundle.builder(authorities, generation).sequenceNumber(8L).refreshedAt(NOW).build())
			.build();
	}

	/**
	 * Ready, and configured to federate.
	 */
	public static SpireStatus federating(SpireStatus.Federation... federation) {
		return ready(1).mutate().federation(List.of(federation)).build();
	}

	/**
	 * A trust domain whose trust bundle has an authority for X.509-SVIDs and two for
	 * JWT-SVIDs.
	 */
	public static SpireStatus.Federation trusted(String trustDomain) {
		return SpireStatus.Federation.builder(TrustDomain.of(trustDomain), FederationState.TRUSTED, 1)
			.x509AuthorityCount(1)
			.jwtAuthorityCount(2)
			.refreshedAt(NOW)
			.build();
	}

	/**
	 * A trust domain that is not trusted, on whose trust bundle the server has not
	 * answered.
	 */
	public static SpireStatus.Federation untrusted(String trustDomain, FederationState state) {
		return SpireStatus.Federation.builder(TrustDomain.of(trustDomain), state, 0)
			.lastError(SpireStatus.LastError
				.builder("TIMED_OUT", NOW, "The SPIRE Server does not answer", "Check its load.")
				.build())
			.build();
	}

	/**
	 * Connecting to the Workload API.
	 */
	public static SpireStatus connecting(SpireStatus.Federation... federation) {
		return SpireStatus.builder(SpireState.CONNECTING)
			.workloadApi("unix:///run/agent.sock")
			.federation(List.of(federation))
			.build();
	}

	/**
	 * Ready by the Workload API.
	 */
	public static SpireStatus handedOut(SpireStatus.Federation... federation) {
		SpireStatus.Svid svid = SpireStatus.Svid
			.builder(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.ONE, 3, NOW, EXPIRES_AT)
			.build();
		return SpireStatus.builder(SpireState.READY)
			.workloadApi("unix:///run/agent.sock")
			.trustDomain(svid.id().trustDomain())
			.candidates(2)
			.svid(svid)
			.trustBundle(SpireStatus.Bundle.builder(1, 1).refreshedAt(NOW).build())
			.federation(List.of(federation))
			.build();
	}

	public static SpireStatus bare(SpireState state) {
		return SpireStatus.builder(state).build();
	}

	private static SpireStatus status(SpireState state, SpireStatus.@Nullable Svid svid,
			SpireStatus.@Nullable LastError lastError) {
		return SpireStatus.builder(state)
			.server("[::1]:8081")
			.trustDomain(TrustDomain.of("example.org"))
			.agentId(SpiffeId.parse("spiffe://example.org/spire/agent/k8s_psat/demo-cluster/pod/1"))
			.agentExpiresAt(NOW.plusSeconds(600))
			.candidates(2)
			.svid(svid)
			.trustBundle(SpireStatus.Bundle.builder(1, 1).sequenceNumber(7L).refreshedAt(NOW).build())
			.clockSkew(Duration.ofMillis(31_500))
			.lastError(lastError)
			.build();
	}

	private static SpireStatus.Svid svid(int serialNumber) {
		return svid(serialNumber, 3);
	}

	private static SpireStatus.Svid svid(int serialNumber, long generation) {
		return SpireStatus.Svid
			.builder(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.valueOf(serialNumber), generation, NOW,
					EXPIRES_AT)
			.renewalDueAt(NOW.plusSeconds(1800))
			.build();
	}

	/**
	 * Take another status, and tell the observers.
	 */
	public void become(SpireStatus status) {
		SpireStatus previous = this.status;
		this.status = status;
		this.observers.forEach((observer) -> observer.changed(previous, status));
	}

	/**
	 * Have a trust bundle from now on, or none any more.
	 */
	public void trust(@Nullable TrustBundle trustBundle) {
		this.trustBundle = trustBundle;
	}

	/**
	 * Return who observes, to be told of what happens.
	 */
	public List<SpireObserver> observers() {
		return this.observers;
	}

	/**
	 * Return how often somebody wanted the trust bundle, which starts a real identity.
	 */
	public int asked() {
		return this.asked.get();
	}

	/**
	 * Return what was called of the life cycle.
	 */
	public List<String> calls() {
		return this.calls;
	}

	@Override
	public X509Svid x509Svid() {
		throw unavailable();
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		throw unavailable();
	}

	@Override
	public TrustBundle trustBundle() {
		this.asked.incrementAndGet();
		TrustBundle trustBundle = this.trustBundle;
		if (trustBundle == null) {
			throw unavailable();
		}
		return trustBundle;
	}

	@Override
	public SpireStatus status() {
		return this.status;
	}

	@Override
	public void addObserver(SpireObserver observer) {
		this.observers.add(observer);
	}

	@Override
	public void removeObserver(SpireObserver observer) {
		this.observers.remove(observer);
	}

	@Override
	public void start() {
		this.calls.add("start");
	}

	@Override
	public void stop() {
		this.calls.add("stop");
	}

	@Override
	public void close() {
		this.calls.add("close");
	}

	private SvidUnavailableException unavailable() {
		return new SvidUnavailableException("There is none in a test", this.status.state(), "Do not ask.");
	}

}
