package dev.psat.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jars that are published, with those of sources and Javadoc where {@code -Prelease}
 * has made them.
 */
class PublishedJarsIT {

	@ParameterizedTest
	@MethodSource("jars")
	void holdTheLicense(Path jar) throws IOException {
		try (JarFile content = new JarFile(jar.toFile())) {
			ZipEntry license = content.getEntry("META-INF/LICENSE");
			assertThat(license).isNotNull();
			assertThat(content.getInputStream(license)).hasBinaryContent(Files.readAllBytes(Path.of("../LICENSE")));
		}
	}

	static Stream<Path> jars() {
		List<Path> published = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Path::of)
			.filter((entry) -> entry.getFileName().toString().startsWith("psat-"))
			.toList();
		assertThat(published).extracting((jar) -> jar.getFileName().toString())
			.allSatisfy((name) -> assertThat(name).endsWith(".jar"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-autoconfigure-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-starter-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-test-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-token-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spire-0"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spire-client-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-spire-0"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-starter-spire-"))
			.anySatisfy((name) -> assertThat(name).startsWith("psat-spring-boot-spire-test-"));
		return published.stream().flatMap(PublishedJarsIT::withThoseBeside);
	}

	private static Stream<Path> withThoseBeside(Path jar) {
		String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
		File[] siblings = jar.resolveSibling("")
			.toFile()
			.listFiles((directory, file) -> file.startsWith(name) && file.endsWith(".jar"));
		return Stream.of(siblings).map(File::toPath);
	}

}
