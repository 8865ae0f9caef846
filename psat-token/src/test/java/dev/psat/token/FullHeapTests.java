package dev.psat.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A full heap kills threads, among them the JDK's own.
 */
@Matrix
class FullHeapTests {

	@TempDir(factory = InMemory.class)
	Path directory;

	@Test
	void sourceSurvivesAFullHeap() throws Exception {
		Path output = Files.createFile(this.directory.resolve("output"));
		Path volume = this.directory.resolve("volume");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx32m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				FullHeapSource.class.getName(), volume.toString())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			touchUntilItEnds(process, output, volume);
			assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(Files.readString(output, StandardCharsets.UTF_8)).contains("survived");
			assertThat(process.exitValue()).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Events for the JDK's thread, which allocates for each of them.
	 */
	private static void touchUntilItEnds(Process process, Path output, Path volume)
			throws IOException, InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
		while (!process.waitFor(20, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
			if (Files.readString(output, StandardCharsets.UTF_8).startsWith("ready")) {
				Path touched = volume.resolve("touched");
				Files.deleteIfExists(touched);
				Files.createFile(touched);
			}
		}
	}

}
