package dev.psat.benchmarks.spire.attest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

import org.springframework.util.Assert;

/**
 * A simulated server in a JVM of its own, so that the processor time of the clients is
 * theirs alone. It ends with its input.
 */
final class SimulatedServer implements AutoCloseable {

	private static final String ANSWER = "server: ";

	private static final String CLUSTER = "simulated";

	private final Process process;

	private final Target target;

	private SimulatedServer(Process process, Target target) {
		this.process = process;
		this.target = target;
	}

	/**
	 * Start the server.
	 * @param directory for its files
	 * @return the server
	 * @throws IOException if it does not start
	 */
	static SimulatedServer start(Path directory) throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), SimulatedServer.class.getName(), directory.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			List<String> answer = List.of(read(process.inputReader()).split(" "));
			return new SimulatedServer(process, new Target("simulated server", ServerAddress.parse(answer.get(0)),
					TrustDomain.of(answer.get(1)), Path.of(answer.get(2)), CLUSTER, Path.of(answer.get(3))));
		}
		catch (IOException | RuntimeException ex) {
			end(process);
			throw ex;
		}
	}

	private static String read(BufferedReader output) throws IOException {
		while (true) {
			String line = output.readLine();
			Assert.state(line != null, "The simulated server has ended");
			if (line.startsWith(ANSWER)) {
				return line.substring(ANSWER.length());
			}
			System.err.println(line);
		}
	}

	Target target() {
		return this.target;
	}

	@Override
	public void close() throws IOException {
		end(this.process);
	}

	private static void end(Process process) throws IOException {
		process.getOutputStream().close();
		process.onExit().join();
	}

	/**
	 * Run the server: without a limit on attestations, and with entries that count at
	 * once, since neither wait is a client's doing.
	 * @param args the directory for its files, which somebody else deletes
	 * @throws IOException if the trust bundle cannot be written
	 */
	public static void main(String[] args) throws IOException {
		Path directory = Path.of(args[0]);
		Path trustBundle = directory.resolve("trust-bundle.pem");
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(directory.resolve("tokens"))
			.rotateOnSchedule()
			.build();
				SimulatedSpireServer server = SimulatedSpireServer.builder()
					.workload(kubelet, CLUSTER)
					.limitAttestations(false)
					.entryCacheReload(Duration.ZERO)
					.build()) {
			server.trustBundle().writeTo(trustBundle);
			System.out.println(ANSWER + String.join(" ", server.address(), server.trustDomain(), trustBundle.toString(),
					kubelet.tokenPath().toString()));
			new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
		}
		System.exit(0);
	}

}
