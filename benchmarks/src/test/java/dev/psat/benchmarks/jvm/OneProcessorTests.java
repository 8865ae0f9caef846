package dev.psat.benchmarks.jvm;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OneProcessor}.
 */
class OneProcessorTests {

	@TempDir
	private Path directory;

	@Test
	void processorTimeIsThatOfAllThatTheProgramDoes() throws Exception {
		OneProcessor.Usage usage = run("(while ((++i < 50000)); do :; done); sleep 0.2; echo ready");
		assertThat(usage.time()).isGreaterThan(200_000_000);
		assertThat(usage.processor()).isBetween(5_000_000L, usage.time());
	}

	@Test
	void programThatGivesNoSignFailsWithWhatItSaid() {
		assertThatIllegalStateException().isThrownBy(() -> run("echo broken; exit 1")).withMessageContaining("broken");
	}

	@Test
	void programHasOneProcessor() throws Exception {
		assertThat(run("(($(nproc) == 1)) && echo ready").time()).isPositive();
	}

	private OneProcessor.Usage run(String script) throws Exception {
		return new OneProcessor().run(List.of("bash", "-c", script), this.directory, "ready");
	}

}
