package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many classes of whom were loaded.
 *
 * @param counts how many of each
 */
public record LoadedClasses(Map<Origin, Long> counts) {

	/**
	 * Read what a JVM has logged.
	 * @param log lines that begin with the name of a class
	 * @return the counts
	 * @throws IOException if the log cannot be read
	 */
	static LoadedClasses read(Path log) throws IOException {
		try (Stream<String> lines = Files.lines(log)) {
			return new LoadedClasses(lines.map(Origin::of)
				.collect(Collectors.groupingBy(Function.identity(), () -> new EnumMap<>(Origin.class),
						Collectors.counting())));
		}
	}

	public long count(Origin origin) {
		return this.counts.getOrDefault(origin, 0L);
	}

	/**
	 * Return how many were loaded.
	 * @return the number of classes
	 */
	public long count() {
		return this.counts.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Whose a class is.
	 */
	public enum Origin {

		PSAT("`dev.psat`, that of the application included", "dev.psat."),

		JACKSON("Jackson", "tools.jackson.", "com.fasterxml.jackson."),

		MICROMETER("Micrometer", "io.micrometer."),

		SPRING("Spring", "org.springframework."),

		JDK("the JDK, lambda forms and proxies included", "java.", "javax.", "jdk.", "sun.", "com.sun."),

		OTHERS("others");

		private final String description;

		private final List<String> prefixes;

		Origin(String description, String... prefixes) {
			this.description = description;
			this.prefixes = List.of(prefixes);
		}

		private static Origin of(String name) {
			return Arrays.stream(values())
				.filter((origin) -> origin.prefixes.stream().anyMatch(name::startsWith))
				.findFirst()
				.orElse(OTHERS);
		}

		@Override
		public String toString() {
			return this.description;
		}

	}

}
