package dev.psat.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

import io.kubernetes.client.util.credentials.RefreshAuthentication;
import io.kubernetes.client.util.credentials.TokenFileAuthentication;

/**
 * What the official Kubernetes client keeps to itself: it hands its token to nobody but
 * the header of a request.
 */
public final class KubernetesClient {

	private static final MethodHandle TOKEN;

	private static final MethodHandle READ;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			TOKEN = MethodHandles.privateLookupIn(RefreshAuthentication.class, lookup)
				.findVirtual(RefreshAuthentication.class, "getToken", MethodType.methodType(String.class));
			READ = MethodHandles.privateLookupIn(TokenFileAuthentication.class, lookup)
				.findStatic(TokenFileAuthentication.class, "getToken",
						MethodType.methodType(String.class, String.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Another version of the Kubernetes client", ex);
		}
	}

	private KubernetesClient() {
	}

	/**
	 * Return the token as the client's interceptor gets it for each request.
	 * @param authentication who has the token
	 * @return the token
	 */
	public static String token(RefreshAuthentication authentication) {
		try {
			return (String) TOKEN.invokeExact(authentication);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Read a token as {@link TokenFileAuthentication} does each minute.
	 * @param path the path of the token
	 * @return the token
	 */
	public static String read(Path path) {
		try {
			return (String) READ.invokeExact(path.toString());
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
