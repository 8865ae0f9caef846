package dev.psat.spire.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Matrix;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two servers behind one name.
 */
@Matrix
@EnabledOnOs(OS.LINUX)
class IdentityReplicaTests {

	@RegisterExtension
	private final IdentityFixture fixture = IdentityFixture.inRealTime();

	@Test
	void replicaThatIsLeftServesForTheOneThatDied(@TempDir Path directory) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().listenOn("127.0.0.2", "127.0.0.3"));
		server.trustBundle().writeTo(this.fixture.bundle());
		Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 spire-server\n127.0.0.3 spire-server\n");
		try (SeparateProcess process = new SeparateProcess(hosts, "spire-server:" + server.port(),
				this.fixture.bundle(), this.fixture.pod().tokenPath())) {
			this.fixture.await().untilAsserted(() -> assertThat(process.tell()).startsWith("READY of generation 1"));
			for (String dying : new String[] { "127.0.0.2", "127.0.0.3" }) {
				server.stop(dying);
				this.fixture.awaitVisits(3);
				assertThat(process.tell()).isEqualTo("READY of generation 1 without error");
				server.restart();
			}
			assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		}
	}

	@Test
	void replicaThatEndsEachConnectionIsLeftForTheOther(@TempDir Path directory) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().listenOn("127.0.0.3"));
		server.trustBundle().writeTo(this.fixture.bundle());
		Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 spire-server\n127.0.0.3 spire-server\n");
		try (BrokenReplica broken = new BrokenReplica("127.0.0.2", "127.0.0.3", server.port(), false);
				SeparateProcess process = new SeparateProcess(hosts, "spire-server:" + server.port(),
						this.fixture.bundle(), this.fixture.pod().tokenPath())) {
			this.fixture.await().untilAsserted(() -> assertThat(process.tell()).startsWith("READY of generation 1"));
			assertThat(broken.connections).hasPositiveValue();
			assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		}
	}

	@Test
	void replicaThatSaysNothingAfterTheHandshakeDelaysTheStartBySeconds(@TempDir Path directory) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().listenOn("127.0.0.3"));
		server.trustBundle().writeTo(this.fixture.bundle());
		Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 spire-server\n127.0.0.3 spire-server\n");
		try (BrokenReplica mute = new BrokenReplica("127.0.0.2", "127.0.0.3", server.port(), true);
				SeparateProcess process = new SeparateProcess(hosts, "spire-server:" + server.port(),
						this.fixture.bundle(), this.fixture.pod().tokenPath())) {
			// a call that waited for its timeout would be an error first
			this.fixture.await()
				.untilAsserted(() -> assertThat(process.tell()).isEqualTo("READY of generation 1 without error"));
			assertThat(mute.connections).hasValue(1);
		}
	}

	/**
	 * A replica that completes the handshake, and then ends the connection or hangs.
	 */
	private static final class BrokenReplica implements AutoCloseable {

		private final AtomicInteger connections = new AtomicInteger();

		private final ServerSocket listener;

		BrokenReplica(String address, String handshakesBy, int port, boolean hanging) throws IOException {
			this.listener = new ServerSocket(port, 50, InetAddress.getByName(address));
			run(() -> {
				while (true) {
					Socket client = this.listener.accept();
					this.connections.incrementAndGet();
					run(() -> handle(client, new Socket(handshakesBy, port), hanging));
				}
			});
		}

		private static void handle(Socket client, Socket server, boolean hanging) throws IOException {
			try (client; server) {
				run(() -> server.getInputStream().transferTo(client.getOutputStream()));
				byte[] hello = new byte[16 * 1024];
				server.getOutputStream().write(hello, 0, client.getInputStream().read(hello));
				// the end of the client's handshake
				client.getInputStream().read();
				if (hanging) {
					server.shutdownInput();
					client.getInputStream().transferTo(OutputStream.nullOutputStream());
				}
			}
		}

		private static void run(Task task) {
			Thread thread = new Thread(() -> {
				try {
					task.run();
				}
				catch (IOException ex) {
					// one of the two has gone
				}
			}, "broken-replica");
			thread.setDaemon(true);
			thread.start();
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
		}

		private interface Task {

			void run() throws IOException;

		}

	}

	/**
	 * An identity in a separate JVM, since a JVM reads its hosts file at startup.
	 */
	static final class SeparateProcess implements AutoCloseable {

		/** Its log goes to the same place. */
		private static final String TOLD = "told: ";

		private final Process process;

		private final BufferedReader output;

		SeparateProcess(Path hosts, String address, Path bundle, Path token) throws IOException {
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + hosts, "-cp",
					System.getProperty("java.class.path"), SeparateProcess.class.getName(), address, bundle.toString(),
					token.toString())
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			this.output = this.process.inputReader(StandardCharsets.UTF_8);
		}

		String tell() throws IOException {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
			String line;
			do {
				line = this.output.readLine();
				assertThat(line).as("what the process tells").isNotNull();
			}
			while (!line.startsWith(TOLD));
			return line.substring(TOLD.length());
		}

		@Override
		public void close() throws InterruptedException {
			this.process.destroy();
			this.process.waitFor();
		}

		public static void main(String[] arguments) throws IOException {
			BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			try (TokenSource source = TokenSource.builder(Path.of(arguments[2])).audience("spire-server").build();
					SpireIdentity identity = SpireServerIdentity.builder(IdentityFixture.attestor(source))
						.server(ServerAddress.parse(arguments[0]))
						.trustDomain(TrustDomain.of("example.org"))
						.trustBundle(Path.of(arguments[1]))
						.refreshInterval(Duration.ofMillis(200))
						.build()) {
				source.start();
				identity.start();
				while (input.readLine() != null) {
					System.out.println(TOLD + told(identity.status()));
				}
			}
		}

		private static String told(SpireStatus status) {
			SpireStatus.Svid svid = status.svid();
			SpireStatus.LastError error = status.lastError();
			return "%s of generation %d %s".formatted(status.state(), (svid != null) ? svid.generation() : 0,
					(error != null) ? "with " + error.reason() : "without error");
		}

	}

}
