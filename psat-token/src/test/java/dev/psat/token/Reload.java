package dev.psat.token;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;

/**
 * What a process of its own runs for {@link ReloadTests}: sources in class loaders that
 * come and go, as with the restarts of Spring Boot's developer tools or in a web
 * container.
 */
public final class Reload {

	private static final int RELOADS = 3;

	private Reload() {
	}

	/**
	 * Use a source in one class loader after another, and see whether they are collected.
	 * @param args the path of the token
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		for (int reload = 0; reload < RELOADS; reload++) {
			WeakReference<ClassLoader> loader = use(args[0]);
			System.out.println(isCollected(loader) ? "collected" : "kept");
		}
		System.exit(0);
	}

	/**
	 * In a method of its own, so that no variable refers to the loader afterwards.
	 */
	private static WeakReference<ClassLoader> use(String path) throws Exception {
		try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
			Class<?> application = Class.forName(Application.class.getName(), true, loader);
			FutureTask<?> main = new FutureTask<>(
					(Callable<?>) application.getConstructor(String.class).newInstance(path));
			Thread thread = new Thread(main);
			thread.setContextClassLoader(loader);
			thread.start();
			main.get();
			thread.join();
			return new WeakReference<>(loader);
		}
	}

	private static boolean isCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
		while (!loader.refersTo(null) && System.nanoTime() < deadline) {
			System.gc();
			Thread.sleep(20);
		}
		return loader.refersTo(null);
	}

	private static URL[] classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Reload::url)
			.toArray(URL[]::new);
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/**
	 * What is loaded again and again.
	 */
	public static final class Application implements Callable<Boolean> {

		private final String path;

		public Application(String path) {
			this.path = path;
		}

		@Override
		public Boolean call() {
			try (TokenSource source = TokenSource.builder(Path.of(this.path))
				.audience("spire-server")
				.pollInterval(Duration.ofMillis(100))
				.build()) {
				source.start();
				// the first look loads most of the classes
				long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
				while (source.refresh().token() == null && System.nanoTime() < deadline) {
					Thread.onSpinWait();
				}
				return source.value().isEmpty();
			}
		}

	}

}
