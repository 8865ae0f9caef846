package dev.psat.support;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * The classes of a {@link SeparateClassPath}, each of which is loaded once.
 */
public final class SeparateClasses implements AutoCloseable {

	private final URLClassLoader loader;

	SeparateClasses(URL... urls) {
		this.loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
	}

	/**
	 * Call a public static method of a public class, of which it has only one by that
	 * name.
	 */
	@SuppressWarnings("unchecked")
	public List<String> call(Class<?> type, String name, String... arguments) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try {
			thread.setContextClassLoader(this.loader);
			this.loader.loadClass(Awaitility.class.getName())
				.getMethod("setDefaultTimeout", Duration.class)
				.invoke(null, Patience.LIMIT);
			Method method = Arrays.stream(this.loader.loadClass(type.getName()).getMethods())
				.filter((candidate) -> candidate.getName().equals(name))
				.findFirst()
				.orElseThrow();
			return (List<String>) method.invoke(null,
					method.isVarArgs() ? new Object[] { arguments } : (Object[]) arguments);
		}
		catch (InvocationTargetException ex) {
			throw new AssertionError(ex.getTargetException());
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Override
	public void close() throws IOException {
		this.loader.close();
	}

}
