package dev.psat.spire.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletBuilder;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pod, a SPIRE Server, and identities that are as in production but for their time. All
 * of it is closed after the test, what was opened last first.
 */
public final class IdentityFixture implements BeforeEachCallback, AfterEachCallback {

	static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	static final String ALIAS = "spiffe://example.org/k8s/demo/ns/shop/sa/orders";

	/** How often identities visit the server, where a test does not say otherwise. */
	static final Duration OFTEN = Duration.ofMillis(50);

	private final Deque<AutoCloseable> open = new ArrayDeque<>();

	private final VisitTime time = new VisitTime();

	private final boolean inRealTime;

	private final List<String> outcomes = new CopyOnWriteArrayList<>();

	private final List<SpireState> states = new CopyOnWriteArrayList<>();

	private @Nullable Path directory;

	private @Nullable HangingPath hangingBundle;

	private @Nullable SimulatedKubelet pod;

	private @Nullable SimulatedSpireServer server;

	private @Nullable SpireIdentity identity;

	public IdentityFixture() {
		this(false);
	}

	private IdentityFixture(boolean inRealTime) {
		this.inRealTime = inRealTime;
	}

	/**
	 * For what lasts, or runs in another JVM.
	 */
	static IdentityFixture inRealTime() {
		return new IdentityFixture(true);
	}

	/**
	 * Not before, since an extension is created for a test that is skipped, too.
	 */
	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		this.directory = Files.createTempDirectory("identity-fixture-");
		this.pod = opened(kubelet().build());
	}

	private SimulatedKubeletBuilder kubelet() {
		return SimulatedKubelet.builder().serviceAccount("shop", "orders").lifetime(Duration.ofDays(30)).clock(clock());
	}

	private <T extends AutoCloseable> T opened(T closeable) {
		this.open.push(closeable);
		return closeable;
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
		for (AutoCloseable closeable : this.open) {
			closeable.close();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

	VisitTime time() {
		return this.time;
	}

	private Clock clock() {
		return this.inRealTime ? Clock.systemUTC() : this.time.clock();
	}

	private Time identityTime() {
		return this.inRealTime ? Time.ofSystem() : this.time.time();
	}

	SimulatedKubelet pod() {
		assertThat(this.pod).isNotNull();
		return this.pod;
	}

	/**
	 * Another pod of the same service account.
	 */
	SimulatedKubelet anotherPod() {
		return opened(kubelet().build());
	}

	/**
	 * A server with an entry for the pod.
	 */
	public SimulatedSpireServerBuilder workload() {
		return impatient().workload(pod(), "demo");
	}

	/**
	 * A server without an entry for the pod.
	 */
	SimulatedSpireServerBuilder withoutEntry() {
		return impatient().cluster(SimulatedCluster.named("demo").usePodIds().allow("shop", "orders").trust(pod()));
	}

	/**
	 * A server that attests as fast as it can, and sees every change at once.
	 */
	SimulatedSpireServerBuilder impatient() {
		return SimulatedSpireServer.builder().limitAttestations(false).entryCacheReload(Duration.ZERO).clock(clock());
	}

	public SimulatedSpireServer serve(SimulatedSpireServerBuilder builder) {
		SimulatedSpireServer server = opened(builder.build());
		this.server = server;
		return server;
	}

	public SimulatedSpireServer server() {
		assertThat(this.server).isNotNull();
		return this.server;
	}

	/**
	 * Let the server end its connections between two visits.
	 */
	void goAway() {
		this.time.settle();
		server().goAway();
		Awaitility.await().until(() -> server().journal().openConnections() == 0);
	}

	int calls(SpireMethod method) {
		return server().journal().calls(method);
	}

	/**
	 * The file that identities begin with.
	 */
	Path bundle() {
		assertThat(this.directory).isNotNull();
		return this.directory.resolve("bundle.pem");
	}

	/**
	 * Put the file that identities begin with on a file system that may hang.
	 */
	HangingPath hangingBundle() {
		HangingPath hanging = new HangingPath(bundle(), this.time);
		this.hangingBundle = hanging;
		this.open.push(hanging::release);
		return hanging;
	}

	TokenSource source(SimulatedKubelet kubelet) {
		return started(TokenSource.builder(kubelet.tokenPath()).pollInterval(Duration.ofMillis(200)));
	}

	/**
	 * A token source that only looks on demand.
	 */
	TokenSource blindSource(SimulatedKubelet kubelet) {
		return started(TokenSource.builder(kubelet.tokenPath()).watch(false).pollInterval(Duration.ofHours(1)));
	}

	private TokenSource started(TokenSourceBuilder builder) {
		TokenSource source = opened(builder.audience("spire-server").clock(identityTime().clock()).build());
		source.start();
		return source;
	}

	public SpireIdentityBuilder builder() {
		TokenSource source = source(pod());
		return builder(attestor(source)).tokenSource(source);
	}

	public SpireIdentityBuilder builder(PsatAttestor attestor) {
		return SpireServerIdentity.builder(attestor).refreshInterval(OFTEN).time(identityTime());
	}

	static PsatAttestor attestor(TokenSource source) {
		return attestor("demo", source);
	}

	static PsatAttestor attestor(String cluster, TokenSource source) {
		return PsatAttestor.of(cluster, source, List.of("spire-server"));
	}

	/**
	 * Build an identity that knows the server.
	 */
	public SpireIdentity build(SpireIdentityBuilder builder) throws IOException {
		server().trustBundle().writeTo(bundle());
		return buildElsewhere(builder.server(ServerAddress.parse(server().address()))
			.trustDomain(TrustDomain.of(server().trustDomain())));
	}

	/**
	 * Build an identity that starts with the content of the file.
	 */
	SpireIdentity buildElsewhere(SpireIdentityBuilder builder) {
		Path bundle = (this.hangingBundle != null) ? this.hangingBundle.path() : bundle();
		SpireIdentity identity = opened(builder.trustBundle(bundle).build());
		identity.addObserver(new Recorder());
		this.identity = identity;
		return identity;
	}

	public SpireIdentity start() throws IOException {
		return start(builder());
	}

	public SpireIdentity start(SpireIdentityBuilder builder) throws IOException {
		SpireIdentity identity = build(builder);
		identity.start();
		return identity;
	}

	/**
	 * Start an identity, and wait until it is ready.
	 */
	public SpireIdentity ready() throws IOException {
		return ready(builder());
	}

	public SpireIdentity ready(SpireIdentityBuilder builder) throws IOException {
		SpireIdentity identity = start(builder);
		awaitState(SpireState.READY);
		return identity;
	}

	/**
	 * The identity that was built last.
	 */
	SpireIdentity identity() {
		assertThat(this.identity).isNotNull();
		return this.identity;
	}

	SpireStatus status() {
		return identity().status();
	}

	SpireStatus.LastError lastError() {
		return Objects.requireNonNull(status().lastError());
	}

	String agentId() {
		return Objects.requireNonNull(status().agentId()).toString();
	}

	long generation() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	/**
	 * What the observers of all identities were told of.
	 */
	List<String> outcomes() {
		return this.outcomes;
	}

	/**
	 * The states that the identities have been in.
	 */
	List<SpireState> states() {
		return this.states;
	}

	public void awaitState(SpireState state) {
		awaitState(identity(), state);
	}

	public void awaitState(SpireIdentity identity, SpireState state) {
		await().untilAsserted(() -> {
			SpireStatus status = identity.status();
			assertThat(status.state()).as(status.toString()).isEqualTo(state);
		});
	}

	void awaitReason(FailureReason reason) {
		awaitReason(reason.name());
	}

	void awaitReason(String reason) {
		await().untilAsserted(() -> assertThat(status().lastError()).isNotNull()
			.extracting(SpireStatus.LastError::reason)
			.isEqualTo(reason));
	}

	/**
	 * Wait for so many visits that have begun after this call, and for the first of them
	 * to end at least.
	 */
	void awaitVisits(int visits) {
		int before = calls(SpireMethod.GET_BUNDLE);
		await().until(() -> calls(SpireMethod.GET_BUNDLE) > before + visits);
	}

	/**
	 * Wait for a number of further failed refreshes of the trust bundle.
	 */
	void awaitRefusals(int refusals) {
		long before = refusals();
		await().until(() -> refusals() >= before + refusals);
	}

	private long refusals() {
		return this.outcomes.stream()
			.filter((outcome) -> outcome.startsWith("refreshed ") && !outcome.endsWith(" success"))
			.count();
	}

	/**
	 * Wait, while time passes. All threads of identities are at rest while the condition
	 * is asked.
	 */
	ConditionFactory await() {
		if (this.inRealTime) {
			return Awaitility.await();
		}
		this.time.settle();
		return Awaitility.await()
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.conditionEvaluationListener((condition) -> {
				if (!condition.isSatisfied()) {
					this.time.flow();
				}
			});
	}

	private final class Recorder implements SpireObserver {

		@Override
		public void changed(SpireStatus previous, SpireStatus current) {
			IdentityFixture.this.states.add(current.state());
		}

		@Override
		public @Nullable Ending requesting(Request request) {
			return (request.type() == Request.Type.ATTESTATION)
					? (outcome) -> IdentityFixture.this.outcomes.add("attested " + outcome) : null;
		}

		@Override
		public void x509SvidRequested(String outcome) {
			IdentityFixture.this.outcomes.add("renewed " + outcome);
		}

		@Override
		public void refreshed(String outcome) {
			IdentityFixture.this.outcomes.add("refreshed " + outcome);
		}

	}

}
