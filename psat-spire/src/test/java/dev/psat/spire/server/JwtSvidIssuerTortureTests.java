package dev.psat.spire.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.ShiftedTime;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.TestRequests;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JwtSvidIssuer}. The server is visited once, unless somebody asks for
 * more, and the monotonic clock is the test's.
 */
@Matrix
@EnabledIfSystemProperty(named = "torture", matches = "full", disabledReason = "takes a minute")
class JwtSvidIssuerTortureTests {

	private static final Set<String> BANK = Set.of("bank");

	private static final Duration PATIENCE = Patience.LIMIT;

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, "demo")
		.limitAttestations(false)
		.build();

	private final TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build();

	private final AtomicLong nanos = new AtomicLong();

	private final Time time = new ShiftedTime(Clock.systemUTC(), this.nanos::get, new SplittableRandom());

	private JwtSvidIssuer issuer;

	private ServerDoor.Memory memory;

	private @Nullable RunningIdentity running;

	@BeforeEach
	void start(@TempDir Path directory) throws IOException {
		Path bundle = directory.resolve("bundle.jwks");
		this.server.trustBundle().writeTo(bundle);
		this.source.start();
		TrustDomain trustDomain = TrustDomain.of(this.server.trustDomain());
		ServerDoor.Settings settings = new ServerDoor.Settings(
				PsatAttestor.of("demo", this.source, List.of("spire-server")),
				ServerAddress.parse(this.server.address()), trustDomain, bundle, Duration.ofSeconds(20), false,
				new SvidPreference(null, null), KeyType.EC_P256, Duration.ofHours(1), List.of(), null, this.time);
		SpirePublication publication = new SpirePublication(List.of(), this.time, () -> {
		});
		this.memory = ServerDoor.Memory.of(settings, new Outcomes(), publication);
		this.issuer = new JwtSvidIssuer(TestRequests.of(() -> this.running, this::state, this::unavailable),
				publication, this.time);
		RunningIdentity running = new RunningIdentity(settings, this.memory.publication(), () -> this.memory);
		this.running = running;
		running.start();
		await().until(() -> state() == SpireState.READY);
	}

	@AfterEach
	void close() {
		running().close();
		this.source.close();
		this.server.close();
		this.kubelet.close();
	}

	@Test
	void isIssuedForTheEntryOfTheX509Svid() {
		assertThat(issue()).satisfies((svid) -> {
			assertThat(svid.spiffeId()).hasToString("spiffe://example.org/ns/shop/sa/orders");
			assertThat(svid.audience()).containsExactly("bank");
		});
	}

	@Test
	void silentServerIsWaitedForUntilTheDeadlineAlone() {
		issue();
		this.server.faults().hang();
		// unless the machine is busy, just then
		await().until(() -> {
			long began = System.nanoTime();
			assertUnavailable(Duration.ofSeconds(1));
			return System.nanoTime() - began < Duration.ofSeconds(8).toNanos();
		});
		this.server.faults().resume();
	}

	@Test
	void nothingIsAskedAfterTheDeadline() {
		assertThat(assertUnavailable(Duration.ZERO)).hasMessageContaining("in time");
		assertThat(calls(SpireMethod.NEW_JWT_SVID)).isZero();
	}

	@Test
	void entryThatTheServerDoesNotKnowOfANewAgentYetIsAskedForAgain() {
		this.server.faults().failNext(SpireMethod.NEW_JWT_SVID, notFound());
		issue();
		assertThat(calls(SpireMethod.NEW_JWT_SVID)).isEqualTo(2);
	}

	@Test
	void entryThatTheServerNoLongerFindsIsAskedForOnce() {
		pass(Duration.ofSeconds(10));
		this.server.faults().failAll(SpireMethod.NEW_JWT_SVID, notFound());
		assertThat(assertUnavailable(PATIENCE)).hasCauseExactlyInstanceOf(SpireException.class);
		assertThat(calls(SpireMethod.NEW_JWT_SVID)).isEqualTo(1);
	}

	@Test
	void agentThatWasEvictedAttestsAgain() {
		evict();
		issue();
		assertThat(calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
	}

	@Test
	void refusedApplicationDoesNotAttestForEachCall() {
		evict();
		this.server.cluster("demo").disallow("shop", "orders");
		for (int i = 0; i < 20; i++) {
			assertThat(assertUnavailable(PATIENCE)).hasMessage("There is no agent SVID at the moment");
		}
		assertThat(calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(calls(SpireMethod.NEW_JWT_SVID)).isEqualTo(1);
		this.server.cluster("demo").allow("shop", "orders");
		pass(PATIENCE);
		issue();
		assertThat(calls(SpireMethod.ATTEST_AGENT)).isEqualTo(3);
	}

	@Test
	void overloadedServerIsNotAskedForEachCall() {
		evict();
		this.server.faults().failAll(SpireMethod.ATTEST_AGENT, io.grpc.Status.RESOURCE_EXHAUSTED);
		int before = calls(SpireMethod.ATTEST_AGENT);
		for (int i = 0; i < 20; i++) {
			assertUnavailable(PATIENCE);
		}
		assertThat(calls(SpireMethod.ATTEST_AGENT) - before).isEqualTo(1);
		pass(Duration.ofSeconds(14));
		assertUnavailable(PATIENCE);
		assertThat(calls(SpireMethod.ATTEST_AGENT) - before).isEqualTo(1);
		pass(PATIENCE);
		assertUnavailable(PATIENCE);
		assertThat(calls(SpireMethod.ATTEST_AGENT) - before).isEqualTo(2);
	}

	@Test
	void agentThatDiesAtEveryCallDoesNotAttestForEach() {
		this.server.faults()
			.failAll(SpireMethod.NEW_JWT_SVID, io.grpc.Status.NOT_FOUND.withDescription("agent not found"));
		for (int i = 0; i < 20; i++) {
			assertUnavailable(PATIENCE);
		}
		assertThat(calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
	}

	@Test
	void banIsInTheStatusSoon() {
		this.server.agents().ban(agentId());
		assertThat(assertUnavailable(PATIENCE).state()).isEqualTo(SpireState.BANNED);
		await().until(() -> state() == SpireState.BANNED);
		int before = calls(SpireMethod.GET_BUNDLE);
		assertThat(assertUnavailable(PATIENCE)).hasMessageContaining("does not accept this application");
		assertThat(calls(SpireMethod.GET_BUNDLE)).isEqualTo(before);
		assertThat(calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void interruptedCallerWaitsForNothing() {
		evict();
		this.server.faults().hang();
		Thread.currentThread().interrupt();
		try {
			for (int i = 0; i < 2; i++) {
				assertThat(assertUnavailable(PATIENCE)).hasMessage("The wait for a JWT-SVID was interrupted");
			}
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			Thread.interrupted();
			this.server.faults().resume();
		}
	}

	private void evict() {
		this.server.agents().evict(agentId());
	}

	private String agentId() {
		return Objects.requireNonNull(this.memory.publication().snapshot().agentId()).toString();
	}

	private JwtSvid issue() {
		return this.issuer.issue(BANK, Deadline.in(PATIENCE, this.time), (late) -> {
		}).svid();
	}

	private SvidUnavailableException assertUnavailable(Duration patience) {
		return assertThatExceptionOfType(SvidUnavailableException.class)
			.isThrownBy(() -> this.issuer.issue(BANK, Deadline.in(patience, this.time), (late) -> {
			}))
			.actual();
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private int calls(SpireMethod method) {
		return this.server.journal().calls(method);
	}

	private SpireState state() {
		return this.memory.publication().snapshot().stateAt(this.time.now());
	}

	private SvidUnavailableException unavailable(String message) {
		return new SvidUnavailableException(message, state(), "None.");
	}

	private RunningIdentity running() {
		assertThat(this.running).isNotNull();
		return this.running;
	}

	private static io.grpc.Status notFound() {
		return io.grpc.Status.NOT_FOUND.withDescription("entry not found or not authorized");
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(20));
	}

}
