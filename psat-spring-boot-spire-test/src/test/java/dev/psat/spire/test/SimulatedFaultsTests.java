package dev.psat.spire.test;

import java.io.IOException;
import java.math.BigInteger;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what can go wrong with {@link SimulatedSpireServer}.
 */
class SimulatedFaultsTests {

	/** The latter if gRPC writes before it has read that the connection is closed. */
	private static final Set<Status.Code> GONE = EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN);

	private static final Executor THREAD_PER_TASK = (task) -> new Thread(task).start();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.workload(this.kubelet)
		.build();

	@AutoClose
	private final TestClient client = TestClient.anonymous(this.server);

	@Test
	void hungServerAnswersOnceItGoesOn() {
		this.client.bundle();
		this.server.faults().hang();
		try (TestClient other = TestClient.anonymous(this.server)) {
			CompletableFuture<Bundle> open = CompletableFuture.supplyAsync(this.client::bundle, THREAD_PER_TASK);
			CompletableFuture<Bundle> fresh = CompletableFuture.supplyAsync(other::bundle, THREAD_PER_TASK);
			await().until(() -> this.server.journal().openConnections() == 2);
			await().pollDelay(Duration.ofMillis(300)).until(() -> !open.isDone() && !fresh.isDone());
			assertThat(this.server.journal().calls(SpireMethod.GET_BUNDLE)).isOne();
			this.server.faults().resume();
			assertThat(open.join()).isEqualTo(fresh.join());
			assertThat(this.server.journal().calls(SpireMethod.GET_BUNDLE)).isEqualTo(3);
		}
	}

	@Test
	void serverIsSilentOnceItWasToldToHang() throws IOException {
		this.client.bundle();
		CompletableFuture<Void> hung;
		try (Socket late = new Socket()) {
			synchronized (this.server.journal()) {
				// The thread that serves all connections has to wait for the journal
				late.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port()));
				await().until(SimulatedFaultsTests::isServerStalled);
				hung = CompletableFuture.runAsync(this.server.faults()::hang, THREAD_PER_TASK);
				await().during(Duration.ofMillis(300)).until(() -> !hung.isDone());
			}
			assertThat(hung).succeedsWithin(Patience.LIMIT);
		}
	}

	private static boolean isServerStalled() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().startsWith("simulated-spire-server-io")
					&& thread.getState() == Thread.State.BLOCKED);
	}

	@Test
	void serverThatHangsWhileItIsBusyKeepsItsAnswerBack() {
		this.server.limitAttestations(true);
		TestClient.attest(this.server, this.kubelet.token());
		// The next attestation has to wait until the server hangs
		for (int i = 0; i < 3; i++) {
			this.server.limiter().reserve(InetAddress.getLoopbackAddress(), null);
		}
		CompletableFuture<TestSvid> attestation = CompletableFuture
			.supplyAsync(() -> TestClient.attest(this.server, this.kubelet.token()), THREAD_PER_TASK);
		await().until(() -> this.server.journal().calls(SpireMethod.ATTEST_AGENT) == 2);
		this.server.faults().hang();
		String agentId = this.server.agents().ids().iterator().next();
		await().until(() -> this.server.agents().attestations(agentId) == 2);
		await().pollDelay(Duration.ofMillis(200)).until(() -> !attestation.isDone());
		this.server.faults().resume();
		assertThat(attestation.join().id()).isEqualTo(agentId);
	}

	@Test
	void answerOfAttestationIsLostAfterCommit() {
		TestSvid first = TestClient.attest(this.server, this.kubelet.token());
		this.server.faults().loseNextAnswer(SpireMethod.ATTEST_AGENT);
		Status lost = TestClient.status(() -> TestClient.attest(this.server, this.kubelet.token()));
		assertThat(lost.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		BigInteger active = this.server.agents().activeSerialNumber(first.id());
		assertThat(active).isNotNull().isNotEqualTo(first.leaf().getSerialNumber());
		assertThat(this.server.agents().attestations(first.id())).isEqualTo(2);
		TestSvid third = TestClient.attest(this.server, this.kubelet.token());
		assertThat(this.server.agents().activeSerialNumber(first.id())).isEqualTo(third.leaf().getSerialNumber());
	}

	@Test
	void onlyConnectionOfLostAnswerBreaks() {
		this.client.bundle();
		try (TestClient other = TestClient.anonymous(this.server)) {
			other.bundle();
			this.server.faults().loseNextAnswer(SpireMethod.GET_BUNDLE);
			assertThat(TestClient.status(this.client::bundle).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			other.bundle();
			this.client.bundle();
		}
		assertThat(this.server.journal().connections()).isEqualTo(3);
	}

	@Test
	void callsFailAsToldAndInTheirOrder() {
		this.server.faults().failNext(SpireMethod.GET_BUNDLE, Status.NOT_FOUND.withDescription("bundle not found"));
		this.server.faults().failNext(SpireMethod.GET_BUNDLE, Status.INTERNAL);
		assertThat(TestClient.status(this.client::bundle).getDescription()).isEqualTo("bundle not found");
		assertThat(TestClient.status(this.client::bundle).getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
		assertThat(this.server.journal().refusals()).containsExactly(
				new Refusal(SpireMethod.GET_BUNDLE, null, Status.Code.NOT_FOUND, "bundle not found"),
				new Refusal(SpireMethod.GET_BUNDLE, null, Status.Code.INTERNAL, ""));
	}

	@Test
	void callCannotFailWithOk() {
		SimulatedFaults faults = this.server.faults();
		assertThatIllegalArgumentException().isThrownBy(() -> faults.failNext(SpireMethod.GET_BUNDLE, Status.OK));
		assertThatIllegalArgumentException().isThrownBy(() -> faults.failAll(SpireMethod.GET_BUNDLE, Status.OK));
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
	}

	@Test
	void callsFailUntilTheyAreToFailNoMore() {
		this.server.faults().failAll(SpireMethod.GET_BUNDLE, Status.UNAVAILABLE);
		for (int i = 0; i < 3; i++) {
			assertThat(TestClient.status(this.client::bundle).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		}
		this.server.faults().failAll(SpireMethod.GET_BUNDLE, null);
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
	}

	@Test
	void answerOfTheTestTakesThePlaceOfAnAttestation() {
		AttestAgentResponse challenge = AttestAgentResponse.newBuilder()
			.setChallenge(ByteString.copyFromUtf8("?"))
			.build();
		this.server.faults().answerNext(SpireMethod.ATTEST_AGENT, challenge);
		assertThat(this.client.attest(TestClient.request(TestClient.payload("simulated", this.kubelet.token()))))
			.isEqualTo(challenge);
		assertThat(this.server.agents().ids()).isEmpty();
	}

	@Test
	void clientThatIsAskedToLeaveComesBack() {
		this.client.bundle();
		this.server.goAway();
		await().until(() -> this.server.journal().openConnections() == 0);
		this.client.bundle();
		assertThat(this.server.journal().connections()).isEqualTo(2);
	}

	@Test
	void connectionThatIsBeingEstablishedIsNotAskedToLeave() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			await().until(() -> this.server.journal().openConnections() == 1);
			this.server.goAway();
			await().during(Duration.ofMillis(300)).until(() -> this.server.journal().openConnections() == 1);
		}
	}

	@Test
	void callInFlightIsAnsweredAfterGoAway() {
		this.server.limitAttestations(true);
		TestClient.attest(this.server, this.kubelet.token());
		CompletableFuture<TestSvid> attestation = CompletableFuture
			.supplyAsync(() -> TestClient.attest(this.server, this.kubelet.token()), THREAD_PER_TASK);
		await().until(() -> this.server.journal().calls(SpireMethod.ATTEST_AGENT) == 2);
		this.server.goAway();
		assertThat(attestation.join().chain()).hasSize(1);
	}

	@Test
	void oldConnectionIsEnded() {
		try (SimulatedSpireServer impatient = SimulatedSpireServer.builder()
			.connectionAge(Duration.ofSeconds(1))
			.build(); TestClient patient = TestClient.anonymous(impatient)) {
			patient.bundle();
			await().until(() -> impatient.journal().openConnections() == 0);
			patient.bundle();
			assertThat(impatient.journal().connections()).isEqualTo(2);
		}
	}

	@Test
	void restartedServerListensOnSamePortAndRemembers() {
		TestSvid agent = TestClient.attest(this.server, this.kubelet.token());
		String address = this.server.address();
		try (TestClient agentClient = TestClient.of(this.server, agent)) {
			agentClient.entries();
			this.server.stop();
			assertThat(this.server.journal().openConnections()).isZero();
			assertThat(TestClient.status(agentClient::entries).getCode()).isIn(GONE);
		}
		this.server.restart();
		assertThat(this.server.address()).isEqualTo(address).isEqualTo("127.0.0.1:" + this.server.port());
		try (TestClient agentClient = TestClient.of(this.server, agent)) {
			assertThat(agentClient.entries()).hasSize(1);
		}
		this.server.restart();
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
	}

	/**
	 * It would soon be that of one of the many servers that a build starts.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void portOfStoppedServerIsGivenToNobodyElse() throws Exception {
		SimulatedSpireServer stopped = SimulatedSpireServer.builder().build();
		InetSocketAddress address = new InetSocketAddress("127.0.0.1", stopped.port());
		try (stopped; Socket other = new Socket(); Socket client = new Socket()) {
			stopped.stop();
			other.setReuseAddress(false);
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> other.bind(address));
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> client.connect(address));
			stopped.restart();
			stopped.stop();
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> other.bind(address));
		}
		try (ServerSocket next = new ServerSocket()) {
			next.bind(address);
		}
	}

	@Test
	void restartWaitsUntilThePortIsFree() throws Exception {
		this.server.stop();
		CompletableFuture<Void> restarted;
		InetAddress loopback = InetAddress.getByName("127.0.0.1");
		try (ServerSocket taken = await().ignoreExceptionsInstanceOf(BindException.class)
			.until(() -> new ServerSocket(this.server.port(), 50, loopback), ServerSocket::isBound)) {
			restarted = CompletableFuture.runAsync(this.server::restart, THREAD_PER_TASK);
			await().during(Duration.ofMillis(100)).until(() -> !restarted.isDone() && taken.isBound());
		}
		assertThat(restarted).succeedsWithin(Patience.LIMIT);
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void replicaIsStoppedAlone() {
		try (SimulatedSpireServer replicated = SimulatedSpireServer.builder()
			.listenOn("127.0.0.2", "127.0.0.3")
			.build();
				TestClient first = TestClient.anonymous(replicated, "127.0.0.2", "TLSv1.3");
				TestClient second = TestClient.anonymous(replicated, "127.0.0.3", "TLSv1.3")) {
			assertThat(first.bundle()).isEqualTo(second.bundle());
			replicated.stop("127.0.0.2");
			assertThat(TestClient.status(first::bundle).getCode()).isIn(GONE);
			second.bundle();
			assertThat(replicated.journal().connections()).isEqualTo(2);
			replicated.restart();
			try (TestClient again = TestClient.anonymous(replicated, "127.0.0.2", "TLSv1.3")) {
				assertThat(again.bundle()).isEqualTo(second.bundle());
			}
			assertThatIllegalArgumentException().isThrownBy(() -> replicated.stop("127.0.0.4"));
			assertThat(replicated.address()).startsWith("127.0.0.2:");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "::1", "::ffff:127.0.0.1" })
	void addressOfIpv6IsInBrackets(String host) {
		assumeThat(isLocal(host)).isTrue();
		try (SimulatedSpireServer ipv6 = SimulatedSpireServer.builder().listenOn(host).workload(this.kubelet).build();
				TestClient client = TestClient.anonymous(ipv6, host, "TLSv1.3")) {
			assertThat(ipv6.address()).isEqualTo("[" + host + "]:" + ipv6.port());
			assertThat(client.bundle().getX509AuthoritiesCount()).isOne();
			ipv6.stop(host);
			assertThat(ipv6.journal().openConnections()).isZero();
		}
	}

	private static boolean isLocal(String host) {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void hungServerCanBeStopped() {
		this.client.bundle();
		this.server.faults().hang();
		this.server.stop();
		assertThat(this.server.journal().openConnections()).isZero();
	}

	@Test
	void unknownMethodIsUnimplementedAndNotInTheJournal() {
		var unknown = SpireMethods.RENEW_AGENT.toBuilder()
			.setFullMethodName("spire.api.server.agent.v1.Agent/CountAgents")
			.build();
		assertThat(TestClient.status(() -> this.client.call(unknown, com.google.protobuf.Empty.getDefaultInstance()))
			.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
		assertThat(this.server.journal().refusals()).isEmpty();
	}

	@Test
	void closedServerLeavesNoThread() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		try (SimulatedSpireServer another = SimulatedSpireServer.builder().workload(this.kubelet).build()) {
			TestClient.attest(another, this.kubelet.token());
			assertThat(serverThreadsSince(before)).isNotEmpty();
			another.close();
		}
		await().untilAsserted(() -> assertThat(serverThreadsSince(before)).isEmpty());
	}

	@Test
	void serverThatCannotListenLeavesNoThread() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		assertThatException().isThrownBy(() -> SimulatedSpireServer.builder().listenOn("192.0.2.1").build());
		await().untilAsserted(() -> assertThat(serverThreadsSince(before)).isEmpty());
	}

	private static Set<Thread> serverThreadsSince(Set<Thread> before) {
		Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
		threads.removeAll(before);
		threads.removeIf((thread) -> !thread.getName().startsWith("simulated-spire-server"));
		return threads;
	}

}
