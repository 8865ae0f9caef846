package dev.psat.spire.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.TestPod.Agent;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a client whose server, or something in between, fails.
 */
class ClientOutageTests {

	private static final Executor THREAD_PER_TASK = (task) -> new Thread(task).start();

	private static final Duration SHORT = Duration.ofMillis(500);

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().clock(this.clock).build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.agentTtl(Duration.ofMinutes(1))
		.workload(this.kubelet)
		.build();

	@AutoClose
	private final TestPod pod = pod(this.server);

	private TestPod pod(SimulatedSpireServer server) {
		return new TestPod(server, this.kubelet, (client) -> client.clock(this.clock));
	}

	@Test
	void hungServerIsWaitedForNoLongerThanToldAndCalledAgain() {
		try (TestPod hasty = new TestPod(this.server, this.kubelet,
				(client) -> client.clock(this.clock).callTimeout(SHORT).attestTimeout(SHORT))) {
			Agent agent = this.pod.attest();
			AgentConnection open = hasty.connect(agent);
			AgentConnection fresh = hasty.connect(agent);
			// on a busy machine, an answer may well take longer than this client waits
			await().ignoreExceptions().until(() -> !open.authorizedEntries().isEmpty());
			this.server.faults().hang();
			assertFails(open::authorizedEntries, FailureReason.TIMED_OUT);
			assertFails(fresh::authorizedEntries, FailureReason.TIMED_OUT);
			assertFails(hasty.client()::trustBundle, FailureReason.TIMED_OUT);
			assertFails(hasty::attest, FailureReason.TIMED_OUT);
			this.server.faults().resume();
			await().ignoreExceptions()
				.untilAsserted(
						() -> assertThat(open.authorizedEntries()).isEqualTo(fresh.authorizedEntries()).hasSize(1));
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(hasty.client().trustBundle()).isEqualTo(open.trustBundle()));
			assertThat(this.pod.attest().id()).isEqualTo(agent.id());
		}
	}

	@Test
	void stoppedServerIsUnreachableUntilItListensAgain() {
		AgentConnection connection = this.pod.connect(this.pod.attest());
		connection.authorizedEntries();
		this.pod.client().trustBundle();
		this.server.stop();
		assertFails(connection::authorizedEntries, FailureReason.UNREACHABLE);
		assertFails(connection::authorizedEntries, FailureReason.UNREACHABLE);
		assertFails(this.pod.client()::trustBundle, FailureReason.UNREACHABLE);
		assertFails(this.pod::attest, FailureReason.UNREACHABLE);
		this.server.restart();
		assertThat(TestPod.obtainX509Svid(connection).spiffeId()).isNotNull();
		assertThat(this.pod.client().trustBundle()).isEqualTo(connection.trustBundle());
		assertThat(this.pod.attest().svid().chain()).hasSize(1);
	}

	@Test
	void callsThatAreUnderWayAtAGoodbyeOfTheServerAreAnswered() {
		AgentConnection connection = this.pod.connect(this.pod.attest());
		connection.authorizedEntries();
		for (int i = 0; i < 2; i++) {
			this.server.faults().hang();
			List<CompletableFuture<List<AuthorizedEntry>>> calls = IntStream.range(0, 4)
				.mapToObj((index) -> CompletableFuture.supplyAsync(connection::authorizedEntries, THREAD_PER_TASK))
				.toList();
			await().pollDelay(Duration.ofMillis(300)).until(() -> calls.stream().noneMatch(CompletableFuture::isDone));
			this.server.goAway();
			this.server.faults().resume();
			assertThat(calls).extracting(CompletableFuture::join)
				.allSatisfy((entries) -> assertThat(entries).hasSize(1));
		}
		assertThat(this.server.journal().connections()).as("One to attest, and one after each goodbye")
			.isGreaterThanOrEqualTo(4);
	}

	@Test
	void attestationWhoseAnswerIsLostIsNotRepeatedAndHasPutTheEarlierAgentOutOfForce() {
		Agent agent = this.pod.attest();
		AgentConnection connection = this.pod.connect(agent);
		connection.authorizedEntries();
		this.server.faults().loseNextAnswer(SpireMethod.ATTEST_AGENT);
		assertFails(this.pod::attest, FailureReason.UNREACHABLE);
		assertThat(this.server.agents().attestations(agent.id())).isEqualTo(2);
		assertFails(connection::authorizedEntries, FailureReason.AGENT_NOT_ACTIVE);
		Agent next = this.pod.attest();
		assertThat(next.id()).isEqualTo(agent.id());
		assertThat(this.pod.connect(next).authorizedEntries()).hasSize(1);
	}

	@Test
	void callWhoseAnswerIsLostOnAnOpenConnectionIsRepeated() {
		AgentConnection connection = this.pod.connect(this.pod.attest());
		AuthorizedEntry entry = connection.authorizedEntries().get(0);
		this.server.faults().loseNextAnswer(SpireMethod.BATCH_NEW_X509_SVID);
		assertThat(connection.newX509Svid(entry, KeyType.EC_P256.generate()).spiffeId()).isEqualTo(entry.spiffeId());
		assertThat(this.server.journal().calls(SpireMethod.BATCH_NEW_X509_SVID)).isEqualTo(2);
		this.server.faults().loseNextAnswer(SpireMethod.NEW_JWT_SVID);
		this.server.faults().loseNextAnswer(SpireMethod.NEW_JWT_SVID);
		assertFails(() -> connection.newJwtSvid(entry, List.of("billing")), FailureReason.UNREACHABLE);
		assertThat(this.server.journal().calls(SpireMethod.NEW_JWT_SVID)).isEqualTo(2);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void replicaThatIsLeftAnswersForTheOneThatDied(@TempDir Path directory) throws Exception {
		try (SimulatedSpireServer replicated = SimulatedSpireServer.builder()
			.listenOn("127.0.0.2", "127.0.0.3")
			.build()) {
			Path hosts = Files.writeString(directory.resolve("hosts"),
					"127.0.0.2 spire-server\n127.0.0.3 spire-server\n");
			Path bundle = directory.resolve("bundle.pem");
			replicated.trustBundle().writeTo(bundle);
			try (NamedServerCaller caller = new NamedServerCaller(hosts, "spire-server:" + replicated.port(), bundle)) {
				assertThat(caller.call()).isEqualTo("answered");
				replicated.stop("127.0.0.2");
				assertThat(caller.call()).isEqualTo("answered");
				replicated.restart();
				replicated.stop("127.0.0.3");
				assertThat(caller.call()).isEqualTo("answered");
				replicated.stop("127.0.0.2");
				assertThat(caller.call()).isEqualTo("UNREACHABLE");
				replicated.restart();
				assertThat(caller.call()).isEqualTo("answered");
			}
		}
	}

	@Test
	void serverOfTls12AloneIsTold() throws Exception {
		SslContextBuilder tls = SslContextBuilder
			.forServer(GrpcTestServer.CERTIFICATE.privateKey(), GrpcTestServer.CERTIFICATE.certificate())
			.protocols("TLSv1.2");
		Server old = NettyServerBuilder.forPort(0).sslContext(GrpcSslContexts.configure(tls).build()).build().start();
		Agent agent = this.pod.attest();
		TrustBundle bundle = this.pod.client().trustBundle();
		try (SpireClient client = SpireClient
			.builder(ServerAddress.parse("127.0.0.1:" + old.getPort()), bundle.trustDomain(), () -> bundle)
			.build()) {
			assertFails(client::trustBundle, FailureReason.TLS_VERSION);
			assertFails(client.connect(agent.svid(), agent.key())::trustBundle, FailureReason.TLS_VERSION);
			assertFails(() -> client.attest("k8s_psat", new byte[1], KeyType.EC_P256.generate()),
					FailureReason.TLS_VERSION);
		}
		finally {
			old.shutdownNow();
		}
	}

	@Test
	@DisabledForJreRange(minVersion = 27, disabledReason = "has a post-quantum key exchange")
	void serverThatRequiresPostQuantumKeyExchangeIsTold() {
		Agent agent = this.pod.attest();
		TrustBundle bundle = this.pod.client().trustBundle();
		try (SimulatedSpireServer strict = SimulatedSpireServer.builder().requirePqKem().build();
				SpireClient client = SpireClient
					.builder(ServerAddress.parse(strict.address()), bundle.trustDomain(), () -> bundle)
					.build()) {
			assertFails(client::trustBundle, FailureReason.TLS_PARAMETERS);
			assertFails(client.connect(agent.svid(), agent.key())::trustBundle, FailureReason.TLS_PARAMETERS);
			assertFails(() -> client.attest("k8s_psat", new byte[1], KeyType.EC_P256.generate()),
					FailureReason.TLS_PARAMETERS);
			assertThat(strict.journal().calls(SpireMethod.ATTEST_AGENT)).isZero();
		}
	}

	@Test
	void nothingGoesToTheProxyOfTheSystem() throws Exception {
		Properties properties = (Properties) System.getProperties().clone();
		try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			for (String kind : List.of("http.proxy", "https.proxy", "socksProxy")) {
				System.setProperty(kind + "Host", proxy.getInetAddress().getHostAddress());
				System.setProperty(kind + "Port", String.valueOf(proxy.getLocalPort()));
			}
			System.setProperty("http.nonProxyHosts", "");
			System.setProperty("socksNonProxyHosts", "");
			Agent agent = this.pod.attest();
			assertThat(this.pod.connect(agent).authorizedEntries()).hasSize(1);
			this.clock.advance(Duration.ofSeconds(61));
			assertFails(this.pod.connect(agent)::authorizedEntries, FailureReason.CERTIFICATE_REFUSED);
			proxy.setSoTimeout(1);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(proxy::accept);
		}
		finally {
			System.setProperties(properties);
		}
	}

	/**
	 * Calls a server by its name in a JVM of its own, since a JVM reads its file of hosts
	 * at the start.
	 */
	static final class NamedServerCaller implements AutoCloseable {

		private final Process process;

		private final BufferedReader output;

		NamedServerCaller(Path hosts, String address, Path bundle) throws IOException {
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + hosts, "-cp",
					System.getProperty("java.class.path"), NamedServerCaller.class.getName(), address,
					bundle.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			this.output = this.process.inputReader(StandardCharsets.UTF_8);
		}

		String call() throws IOException {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
			return this.output.readLine();
		}

		@Override
		public void close() {
			this.process.destroy();
		}

		public static void main(String[] arguments) throws IOException {
			TrustDomain trustDomain = TrustDomain.of("example.org");
			TrustBundle bundle = TrustBundle.parse(trustDomain, Files.readAllBytes(Path.of(arguments[1])));
			BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			try (SpireClient client = SpireClient.builder(ServerAddress.parse(arguments[0]), trustDomain, () -> bundle)
				.build()) {
				while (input.readLine() != null) {
					System.out.println(call(client));
				}
			}
		}

		private static String call(SpireClient client) {
			try {
				client.trustBundle();
				return "answered";
			}
			catch (SpireException ex) {
				return ex.reason().name();
			}
		}

	}

}
