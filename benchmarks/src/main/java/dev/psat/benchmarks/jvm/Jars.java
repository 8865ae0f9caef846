package dev.psat.benchmarks.jvm;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Jars on a class path, in its order.
 *
 * @param paths where they are
 */
public record Jars(List<Path> paths) {

	private static final String APPLICATION = "web-application";

	private static final Path MODULES = Path.of("benchmarks").toAbsolutePath();

	/**
	 * Return the class path of the web application without a starter.
	 * @return its jar and its dependencies
	 * @throws IOException if it was not built
	 */
	public static Jars ofApplication() throws IOException {
		return built(APPLICATION).and(of(APPLICATION));
	}

	/**
	 * Read what Maven has put on the class path of a module.
	 * @param module the module
	 * @return its dependencies
	 * @throws IOException if it was not built
	 */
	public static Jars of(String module) throws IOException {
		String classPath = Files.readString(MODULES.resolve(module).resolve("target/classpath"));
		return new Jars(Arrays.stream(classPath.strip().split(File.pathSeparator)).map(Path::of).toList());
	}

	/**
	 * Return the jar of a module alone.
	 * @param module the module
	 * @return its jar
	 */
	public static Jars built(String module) {
		return new Jars(List.of(MODULES.resolve(module).resolve("target").resolve(module + ".jar")));
	}

	/**
	 * Return these jars, and behind them those of others that are not among these.
	 * @param others the others
	 * @return all
	 */
	public Jars and(Jars others) {
		Set<Path> all = new LinkedHashSet<>(this.paths);
		all.addAll(others.paths);
		return new Jars(List.copyOf(all));
	}

	/**
	 * Return those of these that others do not have. A jar of another version is another
	 * jar.
	 * @param others the others
	 * @return what is left
	 */
	public Jars without(Jars others) {
		return new Jars(this.paths.stream().filter((path) -> !others.paths.contains(path)).toList());
	}

	/**
	 * Return the one of a module of ours.
	 * @param module the module
	 * @return its jar
	 */
	public Jars only(String module) {
		return new Jars(this.paths.stream()
			.filter((path) -> String.valueOf(path.getFileName()).startsWith(module + "-"))
			.toList());
	}

	public Jars ours() {
		return new Jars(this.paths.stream().filter(Jars::isOurs).toList());
	}

	public Jars ofThirdParties() {
		return without(ours());
	}

	public int count() {
		return this.paths.size();
	}

	public long bytes() {
		return this.paths.stream().mapToLong(Jars::size).sum();
	}

	/** Those of Maven come from its repository. */
	private static boolean isOurs(Path path) {
		return path.endsWith(Path.of("target", String.valueOf(path.getFileName())));
	}

	private static long size(Path path) {
		try {
			return Files.size(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
