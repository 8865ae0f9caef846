package dev.psat.spire.http;

import javax.net.ssl.SSLSession;

import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Has connections replaced. A strategy of the application for their use could be neither
 * read nor wrapped.
 */
final class HttpComponentsRetirement {

	private static final String TRANSPORT = ChainElement.MAIN_TRANSPORT.name();

	private static final String RETIRES = "spiffe-retires-connections";

	private final BundleTls tls;

	private HttpComponentsRetirement(BundleTls tls) {
		this.tls = tls;
	}

	/** As if the server asked for it. */
	static void retire(BundleTls tls, HttpClientBuilder client) {
		HttpComponentsRetirement retirement = new HttpComponentsRetirement(tls);
		client.addResponseInterceptorLast((response, entity, context) -> {
			if (retirement.due(context) != null) {
				response.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
			}
		});
	}

	/**
	 * At the very end: this client decides after the answer whether it keeps a
	 * connection, and of HTTP/2 keeps any.
	 */
	static void retire(BundleTls tls, HttpAsyncClientBuilder client) {
		HttpComponentsRetirement retirement = new HttpComponentsRetirement(tls);
		client.addExecInterceptorBefore(TRANSPORT, RETIRES, (request, producer, scope, chain, callback) -> chain
			.proceed(request, producer, scope, new HttpComponentsRedirects.Callback(callback, (response) -> {
			}, () -> retirement.leave(scope))));
	}

	private void leave(AsyncExecChain.Scope scope) {
		OpenConnection due = due(scope.clientContext);
		if (due != null) {
			scope.execRuntime.markConnectionNonReusable();
			// the client does not tell the engine that it closes the connection
			due.left();
		}
	}

	private @Nullable OpenConnection due(HttpContext context) {
		SSLSession session = (context instanceof HttpCoreContext core) ? core.getSSLSession() : null;
		OpenConnection connection = (session != null) ? this.tls.connection(session) : null;
		return (connection != null && connection.isDue()) ? connection : null;
	}

}
