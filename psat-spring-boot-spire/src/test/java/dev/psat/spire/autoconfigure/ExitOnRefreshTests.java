package dev.psat.spire.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code spring.context.exit=onRefresh}, by which a training run ends.
 */
class ExitOnRefreshTests {

	@AutoClose
	private final SimulatedWorld world = new SimulatedWorld();

	@TempDir
	private Path directory;

	/**
	 * The same application attests in {@link SecretsTests}.
	 */
	@Test
	void trainingRunAttestsNothing() throws Exception {
		Path secrets = Files.createFile(this.directory.resolve("secrets"));
		String[] arguments = Stream.concat(Stream.of(secrets.toString(), "1"), Stream.of(this.world.arguments()))
			.toArray(String[]::new);
		try (StarterProcess process = StarterProcess.start(List.of("-Dspring.context.exit=onRefresh"), this.directory,
				DisclosingApplication.class, arguments)) {
			assertThat(process.end()).as(process::said).isZero();
			assertThat(process.said()).contains("Starting DisclosingApplication").doesNotContain("Disclosed: ");
		}
		assertThat(this.world.server().journal().connections()).isZero();
	}

}
