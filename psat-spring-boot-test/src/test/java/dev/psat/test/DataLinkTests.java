package dev.psat.test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DataLink} where links, or their replacement, are refused.
 */
class DataLinkTests {

	private static final String ADVICE = "On Windows, use WSL or a container; or do without the simulated kubelet "
			+ "and set 'spire.psat.token-path' to a plain file";

	@Test
	void buildWhereThereAreNoSymbolicLinksSaysWhatToDo(@TempDir Path directory) throws IOException {
		URI archive = URI.create("jar:" + directory.resolve("without-links.zip").toUri());
		try (FileSystem fileSystem = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
			Path mount = fileSystem.getPath("/mount");
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> SimulatedKubelet.builder().directory(mount).build())
				.withMessageContaining("'/mount'")
				.withMessageContaining(ADVICE);
			assertThat(mount).doesNotExist();
		}
	}

	@Test
	void checkSupportWhereLinksCannotBeReplacedSaysWhatToDo(@TempDir Path directory) {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> DataLink.checkSupport(directory, this::renameAsWindowsDoes))
			.withMessageContaining("'%s'", directory)
			.withMessageContaining("AccessDenied")
			.withMessageContaining(ADVICE)
			.withCauseInstanceOf(AccessDeniedException.class);
		assertThat(directory).isEmptyDirectory();
	}

	@Test
	void checkSupportWhereLinksCanBeReplacedLeavesNothingBehind(@TempDir Path directory) throws IOException {
		DataLink.checkSupport(directory);
		assertThat(directory).isEmptyDirectory();
	}

	private void renameAsWindowsDoes(Path from, Path to) throws IOException {
		if (Files.isDirectory(to)) {
			throw new AccessDeniedException(from.toString(), to.toString(), null);
		}
		Files.move(from, to);
	}

}
