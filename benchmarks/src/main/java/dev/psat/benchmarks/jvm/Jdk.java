package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An installed JDK.
 *
 * @param home its directory
 * @param version for instance {@code 17.0.15}
 */
public record Jdk(Path home, String version) {

	/** The first that makes an AOT cache with one option. */
	private static final int FIRST_WITH_AOT_CACHE = 25;

	/**
	 * Return the one that runs this.
	 * @return the JDK
	 */
	public static Jdk current() {
		return new Jdk(Path.of(System.getProperty("java.home")), System.getProperty("java.version"));
	}

	/**
	 * Look for one that can make an AOT cache: the present one, the one at
	 * {@code JAVA_HOME_25}, or one beside the present one.
	 * @return the JDK, empty if there is none
	 * @throws IOException if the directory beside cannot be read
	 */
	public static Optional<Jdk> withAotCache() throws IOException {
		Jdk current = current();
		String named = System.getenv("JAVA_HOME_25");
		try (Stream<Path> beside = Files.list(Objects.requireNonNull(current.home.getParent()))) {
			List<Path> homes = Stream
				.concat((named != null) ? Stream.of(Path.of(named)) : Stream.empty(), beside.sorted())
				.toList();
			return Stream.concat(Stream.of(current), homes.stream().map(Jdk::at).flatMap(Optional::stream))
				.filter(Jdk::hasAotCache)
				.findFirst();
		}
	}

	public Path java() {
		return this.home.resolve("bin/java");
	}

	private boolean hasAotCache() {
		// versions before 9 have another form, and a feature of 1 here
		return Integer.parseInt(this.version.split("\\D", 2)[0]) >= FIRST_WITH_AOT_CACHE;
	}

	private static Optional<Jdk> at(Path home) {
		String version = versionOf(home.resolve("release"));
		return (version != null) ? Optional.of(new Jdk(home, version)) : Optional.empty();
	}

	private static @Nullable String versionOf(Path release) {
		Properties properties = new Properties();
		try (InputStream content = Files.newInputStream(release)) {
			properties.load(content);
		}
		catch (IOException ex) {
			// no JDK is there
			return null;
		}
		String version = properties.getProperty("JAVA_VERSION");
		return (version != null) ? version.replace("\"", "") : null;
	}

}
