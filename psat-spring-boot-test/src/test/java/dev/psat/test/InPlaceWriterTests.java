package dev.psat.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InPlaceWriter}.
 */
class InPlaceWriterTests {

	private static final String TOKEN = "header.claims.signature!";

	private final Path directory;

	InPlaceWriterTests(@TempDir Path directory) {
		this.directory = directory;
	}

	@ParameterizedTest
	@ValueSource(strings = { "token", "psat/token" })
	void writeShowsPieces(String itemPath) throws IOException {
		ProjectedVolume volume = volume(itemPath);
		volume.write("old".getBytes(StandardCharsets.US_ASCII));
		List<String> seen = new CopyOnWriteArrayList<>();
		new InPlaceWriter(volume).write(TOKEN, () -> seen.add(contentOf(volume)));
		assertThat(seen).containsExactly("header.", "header.claims.signa");
		assertThat(volume.itemPath()).hasContent(TOKEN);
		assertThat(Files.isSymbolicLink(volume.link())).isFalse();
		assertThat(Files.isRegularFile(volume.itemPath(), LinkOption.NOFOLLOW_LINKS)).isTrue();
	}

	@Test
	void writeAgainUsesTheSameFile() throws IOException {
		ProjectedVolume volume = volume("token");
		volume.write("old".getBytes(StandardCharsets.US_ASCII));
		InPlaceWriter writer = new InPlaceWriter(volume);
		writer.writeTorn(TOKEN);
		Object file = Files.getAttribute(volume.itemPath(), "fileKey");
		writer.write(TOKEN, () -> {
		});
		assertThat(Files.getAttribute(volume.itemPath(), "fileKey")).isEqualTo(file);
	}

	@ParameterizedTest
	@ValueSource(strings = { "token", "psat/token" })
	void writeTornEndsInSignature(String itemPath) throws IOException {
		ProjectedVolume volume = volume(itemPath);
		assertThat(new InPlaceWriter(volume).writeTorn(TOKEN)).isEqualTo("header.claims.signa");
		assertThat(volume.itemPath()).hasContent("header.claims.signa");
	}

	private ProjectedVolume volume(String itemPath) {
		return new ProjectedVolume(this.directory, itemPath, Clock.systemUTC());
	}

	private static String contentOf(ProjectedVolume volume) {
		try {
			return Files.readString(volume.itemPath());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
