package dev.psat.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import io.kubernetes.client.util.credentials.RefreshAuthentication;

/**
 * Reads the token of the official Kubernetes client, which exposes it only in the header
 * of a request.
 */
public final class KubernetesClient {

	private static final MethodHandle TOKEN;

	static {
		try {
			TOKEN = MethodHandles.privateLookupIn(RefreshAuthentication.class, MethodHandles.lookup())
				.findVirtual(RefreshAuthentication.class, "getToken", MethodType.methodType(String.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Another version of the Kubernetes client", ex);
		}
	}

	private KubernetesClient() {
	}

	/**
	 * Return the token as the client's interceptor gets it for each request.
	 * @param authentication the authentication that has the token
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

}
