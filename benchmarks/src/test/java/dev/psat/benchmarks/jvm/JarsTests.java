package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Jars}.
 */
class JarsTests {

	@TempDir
	private Path directory;

	@Test
	void countsWhatIsAddedOnce() throws IOException {
		Jars application = new Jars(List.of(jar("repository", "spring.jar", 10)));
		Jars all = application
			.and(new Jars(List.of(jar("repository", "spring.jar", 10), jar("repository", "protobuf.jar", 5))));
		assertThat(names(all)).containsExactly("spring.jar", "protobuf.jar");
		Jars added = all.without(application);
		assertThat(names(added)).containsExactly("protobuf.jar");
		assertThat(added.bytes()).isEqualTo(5);
	}

	@Test
	void tellsOursFromThoseOfThirdParties() throws IOException {
		Jars jars = new Jars(
				List.of(jar("client/target", "client.jar", 3), jar("repository/target/1", "other.jar", 4)));
		assertThat(names(jars.ours())).containsExactly("client.jar");
		assertThat(names(jars.ofThirdParties())).containsExactly("other.jar");
	}

	private static List<String> names(Jars jars) {
		return jars.paths().stream().map((path) -> String.valueOf(path.getFileName())).toList();
	}

	private Path jar(String parent, String name, int size) throws IOException {
		Path jar = this.directory.resolve(parent).resolve(name);
		Files.createDirectories(jar.getParent());
		return Files.write(jar, new byte[size]);
	}

}
