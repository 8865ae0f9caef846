package dev.psat.products;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that programs leave nothing behind.
 */
class ProgramTests {

	/** Writes its process ID and that of a child that ignores requests to end. */
	private static final List<String> STUBBORN = List.of("sh", "-c",
			"sh -c 'trap \"\" TERM; echo child $$; while true; do sleep 1; done' & echo parent $$; wait");

	@TempDir
	Path directory;

	@Test
	void stopsTheProgramAndWhatItHasStarted() {
		Program program = Program.start(this.directory, "stubborn", Map.of(), STUBBORN);
		await().until(() -> program.output().contains("parent") && program.output().contains("child"));
		assertThat(program.isRunning()).isTrue();
		program.stop();
		assertThat(program.isRunning()).isFalse();
		assertThat(processes(program)).hasSize(2).allSatisfy((process) -> assertThat(isAlive(process)).isFalse());
	}

	@Test
	void programEndsWithTheJvmThatIsKilled() throws Exception {
		Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Main.class.getName(), this.directory.toString())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("jvm.log").toFile())
			.start();
		Path output = this.directory.resolve("stubborn.log");
		await().ignoreExceptions().until(() -> processes(output).size() == 2);
		List<Long> processes = processes(output);
		assertThat(processes).allSatisfy((process) -> assertThat(isAlive(process)).isTrue());
		jvm.destroyForcibly().waitFor();
		await()
			.untilAsserted(() -> assertThat(processes).allSatisfy((process) -> assertThat(isAlive(process)).isFalse()));
	}

	@Test
	void skipsWhereAProgramIsNotInstalled() {
		assertThatExceptionOfType(TestAbortedException.class).isThrownBy(() -> Program.find("no-such-program"))
			.withMessageContaining("no-such-program is not installed");
	}

	private static List<Long> processes(Program program) {
		return processes(program.output());
	}

	private static List<Long> processes(Path output) throws IOException {
		return processes(Files.readString(output));
	}

	private static List<Long> processes(String output) {
		return output.lines().map((line) -> Long.valueOf(line.split(" ")[1])).toList();
	}

	private static boolean isAlive(long process) {
		return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
	}

	/**
	 * Starts a program and does not stop it.
	 */
	static final class Main {

		private Main() {
		}

		public static void main(String[] arguments) throws IOException {
			Program.start(Path.of(arguments[0]), "stubborn", Map.of(), STUBBORN);
			// ends no later than whoever has started it
			System.in.transferTo(OutputStream.nullOutputStream());
		}

	}

}
