package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.support.Matrix;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code spring.context.exit=onRefresh}, by which a training run ends.
 */
@Matrix
class ExitOnRefreshTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	@TempDir
	private Path directory;

	/**
	 * The same application waits for its SVID in {@link ServedBundleTests}.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "servers", "always" })
	void trainingRunAttestsNothing(String waitFor) throws Exception {
		List<String> arguments = new ArrayList<>(List.of(this.world.arguments(ServedBundleTests.SERVED)));
		arguments.add("--spire.svid.wait-for=" + waitFor);
		try (StarterProcess process = StarterProcess.start(List.of("-Dspring.context.exit=onRefresh"), this.directory,
				ServedBundleTests.Application.class, arguments.toArray(String[]::new))) {
			assertThat(process.end()).as(process::said).isZero();
			assertThat(process.said()).contains("Starting ServedBundleTests.Application")
				.doesNotContain("Waiting up to");
		}
		assertThat(this.world.server().journal().connections()).isZero();
	}

}
