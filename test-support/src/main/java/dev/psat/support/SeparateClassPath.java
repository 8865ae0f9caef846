package dev.psat.support;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The class path of the tests, with something more or less, for code that runs with all
 * of its classes loaded from there. Only strings go in and come out.
 */
public final class SeparateClassPath {

	private final List<Path> entries = new ArrayList<>();

	public SeparateClassPath() {
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			this.entries.add(Path.of(entry));
		}
	}

	public SeparateClassPath without(String... jars) {
		this.entries.removeIf((entry) -> Arrays.stream(jars).anyMatch(entry.getFileName().toString()::startsWith));
		return this;
	}

	public SeparateClassPath with(Path entry) {
		this.entries.add(entry);
		return this;
	}

	public SeparateClassPath withJarsIn(Path directory) throws IOException {
		try (Stream<Path> jars = Files.list(directory)) {
			jars.forEach(this::with);
		}
		return this;
	}

	/**
	 * Let packages of Spring Boot be elsewhere, for all of it.
	 */
	public SeparateClassPath moving(Path directory, String... packages) {
		MovedPackages moved = new MovedPackages(packages);
		this.entries.replaceAll((entry) -> entry.getFileName().toString().startsWith("spring-boot-")
				? moved.in(entry, directory) : entry);
		return this;
	}

	/**
	 * Call the method {@code run} of a public class.
	 */
	public List<String> run(Class<?> type, String... arguments) throws Exception {
		return call(type, "run", arguments);
	}

	/**
	 * Call a public static method of a public class, of which it has only one by that
	 * name.
	 */
	public List<String> call(Class<?> type, String name, String... arguments) throws Exception {
		try (SeparateClasses classes = load()) {
			return classes.call(type, name, arguments);
		}
	}

	/**
	 * Load classes from here for several calls, between which they stay as they are.
	 */
	public SeparateClasses load() {
		return new SeparateClasses(this.entries.stream().map(SeparateClassPath::url).toArray(URL[]::new));
	}

	private static URL url(Path entry) {
		try {
			return entry.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
