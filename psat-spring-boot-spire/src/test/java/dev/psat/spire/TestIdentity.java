package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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
		return status(state, withSvid ? svid(1) : null, new SpireStatus.LastError("UNREACHABLE", NOW,
				"The SPIRE Server cannot be reached", "Check that it runs."));
	}

	public static SpireStatus failing(String reason) {
		return status(SpireState.ATTESTING, null, new SpireStatus.LastError(reason, NOW, "It failed", "Mend it."));
	}

	/**
	 * Ready with the same X.509-SVID and other authorities.
	 */
	public static SpireStatus trusting(int authorities, long generation) {
		SpireStatus ready = ready(1);
		return new SpireStatus(ready.state(), ready.server(), ready.workloadApi(), ready.trustDomain(), ready.agentId(),
				ready.agentExpiresAt(), ready.candidates(), ready.svid(),
				new SpireStatus.Bundle(authorities, 8L, NOW, generation), ready.federation(), ready.clockSkew(), null);
	}

	/**
	 * Ready, and configured to federate.
	 */
	public static SpireStatus federating(SpireStatus.Federation... federation) {
		SpireStatus ready = ready(1);
		return new SpireStatus(ready.state(), ready.server(), ready.workloadApi(), ready.trustDomain(), ready.agentId(),
				ready.agentExpiresAt(), ready.candidates(), ready.svid(), ready.trustBundle(), List.of(federation),
				ready.clockSkew(), null);
	}

	/**
	 * A trust domain whose trust bundle has an authority for X.509-SVIDs and two for
	 * JWT-SVIDs.
	 */
	public static SpireStatus.Federation trusted(String trustDomain) {
		return new SpireStatus.Federation(TrustDomain.of(trustDomain), FederationState.TRUSTED, 1, 2, NOW, 1, null);
	}

	/**
	 * A trust domain that is not trusted, on whose trust bundle the server has not
	 * answered.
	 */
	public static SpireStatus.Federation untrusted(String trustDomain, FederationState state) {
		return new SpireStatus.Federation(TrustDomain.of(trustDomain), state, 0, 0, null, 0,
				new SpireStatus.LastError("TIMED_OUT", NOW, "The SPIRE Server does not answer", "Check its load."));
	}

	/**
	 * Connecting to the Workload API.
	 */
	public static SpireStatus connecting(SpireStatus.Federation... federation) {
		return new SpireStatus(SpireState.CONNECTING, null, "unix:///run/agent.sock", null, null, null, null, null,
				null, List.of(federation), null, null);
	}

	/**
	 * Ready by the Workload API.
	 */
	public static SpireStatus handedOut(SpireStatus.Federation... federation) {
		SpireStatus.Svid svid = new SpireStatus.Svid(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.ONE, 3,
				NOW, EXPIRES_AT, null);
		return new SpireStatus(SpireState.READY, null, "unix:///run/agent.sock", svid.id().trustDomain(), null, null, 2,
				svid, new SpireStatus.Bundle(1, null, NOW, 1), List.of(federation), null, null);
	}

	public static SpireStatus bare(SpireState state) {
		return new SpireStatus(state, null, null, null, null, null, null, null, null, List.of(), null, null);
	}

	private static SpireStatus status(SpireState state, SpireStatus.@Nullable Svid svid,
			SpireStatus.@Nullable LastError lastError) {
		return new SpireStatus(state, "[::1]:8081", null, TrustDomain.of("example.org"),
				SpiffeId.parse("spiffe://example.org/spire/agent/k8s_psat/demo-cluster/pod/1"), NOW.plusSeconds(600), 2,
				svid, new SpireStatus.Bundle(1, 7L, NOW, 1), List.of(), Duration.ofMillis(31_500), lastError);
	}

	private static SpireStatus.Svid svid(int serialNumber) {
		return svid(serialNumber, 3);
	}

	private static SpireStatus.Svid svid(int serialNumber, long generation) {
		return new SpireStatus.Svid(SpiffeId.parse("spiffe://example.org/orders"), BigInteger.valueOf(serialNumber),
				generation, NOW, EXPIRES_AT, NOW.plusSeconds(1800));
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
