package dev.psat.token;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A closed source keeps nothing alive: no thread of the JDK's that lives forever
 * remembers who created it.
 */
class ReloadTests {

	@AutoClose
	final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@Test
	void classLoaderIsCollectedOnceItsSourceIsClosed() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				Reload.class.getName(), this.kubelet.tokenPath().toString())
			.redirectErrorStream(true)
			.start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), UTF_8);
			assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(output.lines().filter((line) -> line.matches("collected|kept"))).as(output)
				.hasSize(3)
				.containsOnly("collected");
		}
		finally {
			process.destroyForcibly();
		}
	}

}
