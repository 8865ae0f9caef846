package dev.psat.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs code of tests with all classes loaded anew, from other directories and jars.
 */
final class SeparateClassPath {

	private final List<File> entries;

	private SeparateClassPath(List<File> entries) {
		this.entries = entries;
	}

	/**
	 * Return the class path of the tests without some jars.
	 */
	static SeparateClassPath without(String... jars) {
		return new SeparateClassPath(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(File::new)
			.filter((entry) -> Stream.of(jars).noneMatch(entry.getName()::startsWith))
			.toList());
	}

	SeparateClassPath with(File directory) {
		return with(List.of(directory));
	}

	SeparateClassPath withJarsIn(Path directory) throws IOException {
		try (Stream<Path> jars = Files.list(directory)) {
			return with(jars.map(Path::toFile).toList());
		}
	}

	private SeparateClassPath with(List<File> more) {
		return new SeparateClassPath(Stream.concat(this.entries.stream(), more.stream()).toList());
	}

	/**
	 * Call a public static method of a class that takes and returns nothing but strings.
	 */
	@SuppressWarnings("unchecked")
	List<String> call(Class<?> type, String method, String... arguments) {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		Class<?>[] parameters = new Class<?>[arguments.length];
		Arrays.fill(parameters, String.class);
		try (URLClassLoader loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(loader);
			return (List<String>) loader.loadClass(type.getName())
				.getMethod(method, parameters)
				.invoke(null, (Object[]) arguments);
		}
		catch (InvocationTargetException ex) {
			throw new AssertionError(ex.getTargetException());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private URL[] urls() throws IOException {
		URL[] urls = new URL[this.entries.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = this.entries.get(i).toURI().toURL();
		}
		return urls;
	}

}
