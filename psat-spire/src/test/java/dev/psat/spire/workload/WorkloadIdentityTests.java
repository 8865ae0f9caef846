package dev.psat.spire.workload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLServerSocket;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.PassingTime;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.WorkloadMethod;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.PeerPolicies;
import dev.psat.spire.tls.internal.SvidTls;
import dev.psat.spire.tls.internal.TlsOptions;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.support.DebugLog;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkloadIdentity} with a simulated Workload API.
 */
class WorkloadIdentityTests {

	private static final String ORDERS = "spiffe://example.org/orders";

	private final SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder().entry(ORDERS).build();

	private final PassingTime time = new PassingTime();

	private final SpireIdentity identity = WorkloadIdentity.builder()
		.endpoint(WorkloadEndpoint.parse(this.agent.address()))
		.time(this.time.time())
		.build();

	@AfterEach
	void close() {
		this.identity.close();
		this.agent.close();
	}

	/**
	 * Wait, while pauses are over sooner.
	 */
	private ConditionFactory await() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.conditionEvaluationListener((condition) -> this.time.pass(Duration.ofMillis(50)));
	}

	private void ready() {
		this.identity.start();
		await().until(() -> this.identity.status().state() == SpireState.READY);
	}

	private long generation() {
		SpireStatus.Svid svid = this.identity.status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	private @Nullable String reason() {
		SpireStatus.LastError error = this.identity.status().lastError();
		return (error != null) ? error.reason() : null;
	}

	@Test
	void identityIsThatOfTheEntry() {
		ready();
		assertThat(this.identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		await().until(() -> !this.identity.trustBundle().jwtAuthorities().isEmpty());
		assertThat(this.identity.trustBundle().x509Authorities()).isNotEmpty();
		assertThat(this.identity.jwtSvid("bank").spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		assertThat(this.identity.jwtSvid("bank")).isSameAs(this.identity.jwtSvid("bank"));
		assertThat(this.identity.status().workloadApi()).isEqualTo(this.agent.address());
		assertThat(this.identity.status().lastError()).isNull();
	}

	@Test
	void rotationIsTakenAtOnceAndToldAtDebug() {
		try (DebugLog log = new DebugLog(SpireIdentity.class)) {
			ready();
			this.agent.rotate();
			await().until(() -> generation() == 2);
			assertThat(this.identity.status().state()).isEqualTo(SpireState.READY);
			await().until(() -> log.lines().stream().anyMatch((line) -> line.startsWith("DEBUG X.509-SVID ")));
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("INFO X.509-SVID ")).hasSize(1);
		}
	}

	@Test
	void agentThatIsRestartedIsFoundAgain() {
		ready();
		this.agent.kill();
		await().until(() -> this.identity.status().lastError() != null);
		assertThat(this.identity.status().state()).isEqualTo(SpireState.READY);
		assertThat(reason()).isIn("SOCKET_MISSING", "NOBODY_LISTENS", "UNREACHABLE");
		this.agent.start();
		await().until(() -> this.identity.status().lastError() == null);
	}

	@Test
	void exchangedEntryNeverLeavesTheApplicationWithoutAnSvid() {
		try (SpireIdentity identity = WorkloadIdentity.builder()
			.endpoint(WorkloadEndpoint.parse(this.agent.address()))
			.time(this.time.time())
			.build()) {
			identity.start();
			await().until(() -> identity.status().state() == SpireState.READY);
			this.agent.endStreams(Status.PERMISSION_DENIED);
			await().until(() -> this.agent.journal().openCalls(WorkloadMethod.FETCH_X509_SVID) > 0);
			assertThat(identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
			await().until(() -> identity.status().lastError() == null);
		}
	}

	@Test
	void agentThatIsUpgradedBringsJwtSvids() {
		this.agent.faults().jwtProfile(false);
		ready();
		await().until(() -> this.agent.journal().calls(WorkloadMethod.FETCH_JWT_BUNDLES) == 1);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("bank"))
			.withMessageContaining("The agent issued no JWT-SVID");
		assertThat(this.identity.status().lastError()).isNull();
		this.agent.kill();
		this.agent.faults().jwtProfile(true);
		this.agent.start();
		await().until(() -> !this.identity.trustBundle().jwtAuthorities().isEmpty());
		await().ignoreExceptionsInstanceOf(SvidUnavailableException.class)
			.untilAsserted(() -> assertThat(this.identity.jwtSvid("bank").audience()).containsExactly("bank"));
	}

	@Test
	void jwtSvidForASingleUseIsNeverKept() {
		try (SimulatedWorkloadApi single = SimulatedWorkloadApi.builder()
			.entry(ORDERS, (entry) -> entry.jwtSvidIncludeJti(true))
			.build();
				SpireIdentity identity = WorkloadIdentity.builder()
					.endpoint(WorkloadEndpoint.parse(single.address()))
					.build()) {
			Set<String> tokens = new HashSet<>();
			for (int i = 0; i < 5; i++) {
				tokens.add(identity.jwtSvid("bank").token());
			}
			assertThat(tokens).hasSize(5);
		}
	}

	@Test
	void manyJwtSvidsAtATimeAreObtained() throws Exception {
		ready();
		ExecutorService callers = Executors.newFixedThreadPool(50);
		try {
			List<Future<JwtSvid>> svids = new ArrayList<>();
			for (int i = 0; i < 300; i++) {
				String audience = "audience-" + i;
				svids.add(callers.submit(() -> this.identity.jwtSvid(audience)));
			}
			for (int i = 0; i < 300; i++) {
				assertThat(svids.get(i).get(Patience.SECONDS, TimeUnit.SECONDS).audience())
					.containsExactly("audience-" + i);
			}
		}
		finally {
			callers.shutdownNow();
		}
		await().until(() -> this.agent.journal().openConnections() == 2);
	}

	@Test
	void refusedJwtSvidIsNotAskedForAgainAtOnce() {
		ready();
		this.agent.faults().failAll(WorkloadMethod.FETCH_JWT_SVID, Status.PERMISSION_DENIED);
		for (int call = 0; call < 1000; call++) {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("bank"))
				.withMessageStartingWith("The agent issued no JWT-SVID: The agent refused FetchJWTSVID")
				.satisfies((ex) -> assertThat(ex.advice()).contains("registration entry"));
		}
		assertThat(this.agent.journal().calls(WorkloadMethod.FETCH_JWT_SVID)).isLessThan(10);
		this.agent.faults().failAll(WorkloadMethod.FETCH_JWT_SVID, null);
		assertThat(this.identity.jwtSvid("shop").audience()).containsExactly("shop");
	}

	@Test
	void keptJwtSvidServesWhileTheAgentIsAway() {
		ready();
		JwtSvid svid = this.identity.jwtSvid("bank");
		this.agent.kill();
		await().until(() -> this.identity.status().lastError() != null);
		assertThat(this.identity.jwtSvid("bank")).isSameAs(svid);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("shop"))
			.withMessageContaining("cannot be reached");
		this.agent.start();
		await().ignoreExceptionsInstanceOf(SvidUnavailableException.class)
			.untilAsserted(() -> assertThat(this.identity.jwtSvid("shop").audience()).containsExactly("shop"));
	}

	@Test
	void interruptedCallerDoesNotWait() {
		ready();
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("bank"))
				.withMessage("The wait for a JWT-SVID was interrupted");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(this.identity.jwtSvid("bank").audience()).containsExactly("bank");
	}

	@Test
	void useStartsTheIdentityAndWaitsForJwtSvids() {
		this.agent.faults().mute(true);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid);
		this.agent.faults().mute(false);
		assertThat(this.identity.jwtSvid("bank").spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
	}

	@Test
	void agentThatAnswersNothingDoesNotKeepTheStopWaiting() {
		this.agent.faults().mute(true);
		this.identity.start();
		await().until(() -> this.identity.status().state() == SpireState.CONNECTING);
		await().until(() -> this.agent.journal().openConnections() > 0);
		assertThat(RunningThreads.beginningWith("psat-workload")).isNotEmpty();
		this.identity.close();
		// which an agent that does not answer in time is
		assertThat(this.identity.status().lastError()).isNull();
		await().until(() -> RunningThreads.beginningWith("psat-workload").isEmpty());
	}

	@Test
	void strangersInterruptsEndNothing() {
		ready();
		for (int i = 0; i < 5; i++) {
			RunningThreads.beginningWith("psat-workload").forEach(Thread::interrupt);
		}
		this.agent.rotate();
		await().until(() -> generation() == 2);
		assertThat(this.identity.status().lastError()).isNull();
	}

	@Test
	void noConnectionFailsDuringRotationsAndARestart() throws Exception {
		ready();
		BundleTls tls = SvidTls
			.of((TlsIdentity) this.identity, PeerPolicies.of((peer) -> true), TlsOptions.NONE, Time.ofSystem())
			.tls();
		try (SSLServerSocket listener = (SSLServerSocket) tls.context()
			.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			listener.setNeedClientAuth(true);
			Thread server = new Thread(() -> serve(listener), "echo");
			server.start();
			for (int i = 0; i < 20; i++) {
				this.agent.rotate();
				if (i == 10) {
					this.agent.kill();
					await().until(() -> this.identity.status().lastError() != null);
					call(tls, listener);
					this.agent.start();
					await().until(() -> this.identity.status().lastError() == null);
				}
				call(tls, listener);
				call(tls, listener);
			}
			listener.close();
			server.join(Patience.MILLIS);
		}
		await().until(() -> generation() > 15);
		assertThat(tls.counts().count(Direction.INBOUND, HandshakeOutcome.ACCEPTED)).isPositive();
		assertThat(tls.counts().count(Direction.OUTBOUND, HandshakeOutcome.ACCEPTED)).isPositive();
	}

	private static void call(BundleTls tls, ServerSocket listener) throws IOException {
		try (Socket socket = tls.context()
			.getSocketFactory()
			.createSocket(listener.getInetAddress(), listener.getLocalPort())) {
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(Patience.MILLIS);
			socket.getOutputStream().write(42);
			assertThat(socket.getInputStream().read()).isEqualTo(42);
		}
	}

	private static void serve(ServerSocket listener) {
		while (!listener.isClosed()) {
			try (Socket socket = listener.accept()) {
				socket.setTcpNoDelay(true);
				socket.setSoTimeout(Patience.MILLIS);
				socket.getOutputStream().write(socket.getInputStream().read());
			}
			catch (IOException ex) {
				// told by the client
			}
		}
	}

	@Test
	void stopKeepsTheSvidAndStartGoesOn() {
		ready();
		this.identity.stop();
		assertThat(this.identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		this.agent.rotate();
		this.identity.start();
		await().until(() -> generation() == 2);
	}

}
