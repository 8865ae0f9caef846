package dev.psat.benchmarks.jvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimeLimit}.
 */
@Timeout(30)
class TimeLimitTests {

	@Test
	void processThatHangsEndsWithAllThatItHasStarted() throws Exception {
		Process process = TimeLimit.on(shell("sleep 60 & echo hangs; wait"), Duration.ofSeconds(2));
		BufferedReader output = process.inputReader();
		assertThat(output.readLine()).isEqualTo("hangs");
		// the end of its output, which its child holds open too
		assertThat(output.readLine()).isNull();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void processThatEndsInTimeEndsByItself() throws Exception {
		Process process = TimeLimit.on(shell("echo done; exit 7"), Duration.ofSeconds(20));
		assertThat(process.inputReader().lines()).containsExactly("done");
		assertThat(process.waitFor()).isEqualTo(7);
	}

	private static Process shell(String script) throws IOException {
		return new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
	}

}
