package dev.psat.spire.workload;

import java.security.PrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.workload.client.TestWorkloadFailure;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadJwtSvid;
import dev.psat.spire.workload.client.WorkloadX509Svid;
import dev.psat.spire.workload.client.WorkloadX509Update;
import org.jspecify.annotations.Nullable;

/**
 * An agent whose streams do what a test says, on the thread of the test.
 */
final class ScriptedAgent implements WorkloadRun.Calls {

	static final SvidMint MINT = new SvidMint();

	static final SvidMint OTHER = new SvidMint("other");

	static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	static final TrustDomain STRANGER = TrustDomain.of("stranger.org");

	static final Duration LIFE = Duration.ofHours(1);

	private static final PrivateKey KEY = KeyType.EC_P256.generate().getPrivate();

	final ManualTime time = new ManualTime();

	final List<String> renewed = new CopyOnWriteArrayList<>();

	final List<String> refreshed = new CopyOnWriteArrayList<>();

	int changes;

	int established;

	boolean stopping;

	final WorkloadDoor.Memory memory;

	final HeldStream<WorkloadX509Update> x509;

	final HeldStream<Map<TrustDomain, TrustBundle>> jwt;

	private final WorkloadDoor view;

	private Consumer<Consumer<WorkloadX509Update>> x509Script = (listener) -> {
	};

	private Consumer<Consumer<Map<TrustDomain, TrustBundle>>> jwtScript = (listener) -> {
	};

	ScriptedAgent() {
		this(new SvidPreference(null, null));
	}

	ScriptedAgent(SvidPreference preference, TrustDomain... federatesWith) {
		WorkloadDoor.Settings settings = new WorkloadDoor.Settings("unix:///agent.sock", () -> this, preference,
				List.of(federatesWith), this.time.time());
		this.memory = WorkloadDoor.Memory.of(settings, () -> this.changes++);
		this.memory.outcomes().add(new SpireObserver() {

			@Override
			public void x509SvidRequested(String outcome) {
				ScriptedAgent.this.renewed.add(outcome);
			}

			@Override
			public void refreshed(String outcome) {
				ScriptedAgent.this.refreshed.add(outcome);
			}

		});
		this.view = new WorkloadDoor(settings, this.memory);
		Composure composure = new Composure(() -> this.stopping);
		this.x509 = new HeldStream<>(this::followX509, new X509Keeper(settings, this.memory, () -> this.stopping),
				pause(), composure, () -> this.established++, () -> {
				});
		this.jwt = new HeldStream<>(this::followJwtAuthorities,
				new JwtKeeper(this.memory, settings.time(), () -> this.stopping), pause(), composure, () -> {
				}, () -> {
				});
	}

	private HeldStream.StreamPause pause() {
		return new HeldStream.StreamPause(this.time.time(),
				() -> this.memory.publication().snapshot().isInForce(this.time.time().now()));
	}

	WorkloadX509Svid svid(String path, @Nullable String hint) {
		return svid(MINT, "spiffe://example.org/" + path, hint);
	}

	WorkloadX509Svid svid(SvidMint mint, String id, @Nullable String hint) {
		X509Svid svid = X509Svid.of(mint.issue(id, this.time.time().now(), LIFE).chain(), hint);
		return new WorkloadX509Svid(svid, KEY, bundle(svid.spiffeId().trustDomain(), mint));
	}

	static TrustBundle bundle(TrustDomain trustDomain, SvidMint mint) {
		return mint.bundleOf(trustDomain);
	}

	static TrustBundle jwtBundle(TrustDomain trustDomain, String keyId) {
		return TrustBundle.of(trustDomain, List.of(),
				List.of(new JwtAuthority(keyId, KeyType.EC_P256.generate().getPublic(), null, false)), null, null);
	}

	/**
	 * Have a stream bring one message, and hold it for a while.
	 * @return how long to wait before the next one
	 */
	Duration message(WorkloadX509Svid... svids) {
		return message(Map.of(), svids);
	}

	Duration message(Map<TrustDomain, TrustBundle> federated, WorkloadX509Svid... svids) {
		this.x509Script = (listener) -> {
			listener.accept(new WorkloadX509Update(List.of(svids), federated));
			this.time.pass(Duration.ofSeconds(1));
		};
		return this.x509.follow();
	}

	Duration x509(Consumer<Consumer<WorkloadX509Update>> script) {
		this.x509Script = script;
		return this.x509.follow();
	}

	Duration failure(WorkloadFailureReason reason) {
		this.x509Script = (listener) -> {
			throw TestWorkloadFailure.of(reason);
		};
		return this.x509.follow();
	}

	Duration jwtMessage(TrustBundle... bundles) {
		this.jwtScript = (listener) -> {
			listener
				.accept(Arrays.stream(bundles).collect(Collectors.toMap(TrustBundle::trustDomain, (bundle) -> bundle)));
			this.time.pass(Duration.ofSeconds(1));
		};
		return this.jwt.follow();
	}

	Duration jwtFailure(WorkloadFailureReason reason) {
		this.jwtScript = (listener) -> {
			throw TestWorkloadFailure.of(reason);
		};
		return this.jwt.follow();
	}

	/**
	 * Let time pass, as the clock of the states notices.
	 */
	void pass(Duration time) {
		this.time.pass(time);
		this.memory.publication().withdrawIfDue();
	}

	SpireStatus status() {
		return this.view.status(this.time.time().now());
	}

	SpireState state() {
		return status().state();
	}

	@Nullable String reason() {
		SpireStatus.LastError error = status().lastError();
		return (error != null) ? error.reason() : null;
	}

	@Nullable String id() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.id().path() : null;
	}

	long generation() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	WorkloadSnapshot snapshot() {
		return this.memory.publication().snapshot();
	}

	WorkloadDoor view() {
		return this.view;
	}

	@Override
	public void followX509(Consumer<WorkloadX509Update> listener) {
		this.x509Script.accept(listener);
	}

	@Override
	public void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener) {
		this.jwtScript.accept(listener);
	}

	@Override
	public List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, SpiffeId spiffeId, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
	}

}
