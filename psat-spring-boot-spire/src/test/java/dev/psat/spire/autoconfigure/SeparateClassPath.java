package dev.psat.spire.autoconfigure;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

	/**
	 * Call {@code public static List<String> run(String...)} of a public class.
	 */
	@SuppressWarnings("unchecked")
	public List<String> run(Class<?> type, String... arguments) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		URL[] urls = this.entries.stream().map(SeparateClassPath::url).toArray(URL[]::new);
		try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(loader);
			return (List<String>) loader.loadClass(type.getName())
				.getMethod("run", String[].class)
				.invoke(null, (Object) arguments);
		}
		catch (InvocationTargetException ex) {
			throw new AssertionError(ex.getTargetException());
		}
		finally {
			thread.setContextClassLoader(before);
		}
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
