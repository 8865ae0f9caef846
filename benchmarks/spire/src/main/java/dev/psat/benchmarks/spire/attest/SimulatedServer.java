package dev.psat.benchmarks.spire.attest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.benchmarks.spire.Target;
import dev.psat.benchmarks.spire.World;

import org.springframework.util.Assert;

/**
 * A simulated server in a JVM of its own, so that the processor time of the clients is
 * theirs alone. It ends with its input.
 */
final class SimulatedServer implements AutoCloseable {

	private static final String ANSWER = "server: ";

	private final Process process;

	/**
	 * Start the server.
	 * @param directory for its files
	 * @throws IOException if it does not start
	 */
	SimulatedServer(Path directory) throws IOException {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), SimulatedServer.class.getName(), directory.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	/**
	 * Wait until it runs.
	 * @return the server and a pod
	 * @throws IOException if its output cannot be read
	 */
	Target target() throws IOException {
		BufferedReader output = this.process.inputReader();
		String line = output.readLine();
		while (line != null && !line.startsWith(ANSWER)) {
			line = output.readLine();
		}
		Assert.state(line != null, "The simulated server has ended");
		return Target.of(List.of(line.substring(ANSWER.length()).split(" ")));
	}

	@Override
	public void close() throws IOException {
		this.process.getOutputStream().close();
		this.process.onExit().join();
	}

	/**
	 * Run the server: entries count at once, since no wait for them is a client's doing.
	 * @param args the directory for its files, which somebody else deletes
	 * @throws IOException if they cannot be written
	 */
	public static void main(String[] args) throws IOException {
		try (World world = new World(Path.of(args[0]), Duration.ZERO)) {
			System.out.println(ANSWER + String.join(" ", world.target("orders").arguments()));
			System.in.read();
		}
		System.exit(0);
	}

}
