package dev.psat.spire.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkloadIdentity} without memory.
 */
@Matrix
class WorkloadFullHeapTests {

	@TempDir
	Path directory;

	@Test
	void identitySurvivesAFullHeapWhileTheAgentIsAway() throws Exception {
		Path output = Files.createFile(this.directory.resolve("output"));
		try (SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder().entry("spiffe://example.org/orders").build()) {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx32m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
					WorkloadFullHeap.class.getName(), agent.address())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			try {
				awaitLine(process, output, "ready");
				agent.kill();
				awaitLine(process, output, "filled");
				agent.start();
				agent.rotate();
				assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
				assertThat(Files.readString(output)).contains("survived");
				assertThat(process.exitValue()).isZero();
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

	private static void awaitLine(Process process, Path output, String line) {
		Awaitility.await()
			.failFast(() -> assertThat(process.isAlive()).as(() -> read(output)).isTrue())
			.until(() -> read(output).lines().anyMatch(line::equals));
	}

	private static String read(Path output) {
		try {
			return Files.readString(output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
