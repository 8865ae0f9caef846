package dev.psat.spire.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;

/**
 * Hides a redirect that leaves HTTPS from what follows it, whose strategy can be neither
 * read nor wrapped. The caller gets the answer as it is.
 */
final class HttpComponentsRedirects {

	private static final String REDIRECT = ChainElement.REDIRECT.name();

	private static final String HIDES = "spiffe-hides-redirect";

	private static final String SHOWS = "spiffe-shows-redirect";

	private static final String HIDDEN_LOCATION = "Spiffe-Hidden-Location";

	private HttpComponentsRedirects() {
	}

	static void guard(HttpClientBuilder client) {
		client.addExecInterceptorAfter(REDIRECT, HIDES, (request, scope, chain) -> {
			ClassicHttpResponse response = chain.proceed(request, scope);
			hide(scope.route, response);
			return response;
		});
		client.addExecInterceptorBefore(REDIRECT, SHOWS, (request, scope, chain) -> {
			ClassicHttpResponse response = chain.proceed(request, scope);
			show(response);
			return response;
		});
	}

	static void guard(HttpAsyncClientBuilder client) {
		client.addExecInterceptorAfter(REDIRECT, HIDES, (request, producer, scope, chain, callback) -> chain
			.proceed(request, producer, scope, new Callback(callback, (response) -> hide(scope.route, response), () -> {
			})));
		client.addExecInterceptorBefore(REDIRECT, SHOWS, (request, producer, scope, chain, callback) -> chain
			.proceed(request, producer, scope, new Callback(callback, HttpComponentsRedirects::show, () -> {
			})));
	}

	private static void hide(HttpRoute route, HttpResponse response) {
		String scheme = route.getTargetHost().getSchemeName();
		Header[] locations = response.getHeaders(HttpHeaders.LOCATION);
		if (Arrays.stream(locations).anyMatch((location) -> Redirects.leaveHttps(scheme, location.getValue()))) {
			rename(response, HttpHeaders.LOCATION, HIDDEN_LOCATION);
		}
	}

	private static void show(HttpResponse response) {
		rename(response, HIDDEN_LOCATION, HttpHeaders.LOCATION);
	}

	private static void rename(HttpResponse response, String from, String to) {
		Header[] headers = response.getHeaders(from);
		response.removeHeaders(from);
		for (Header header : headers) {
			response.addHeader(to, header.getValue());
		}
	}

	/**
	 * Changes the answer before another callback sees it, and acts before that learns of
	 * the end.
	 */
	record Callback(AsyncExecCallback callback, Consumer<HttpResponse> change,
			Runnable end) implements AsyncExecCallback {

		@Override
		public AsyncDataConsumer handleResponse(HttpResponse response, EntityDetails entityDetails)
				throws HttpException, IOException {
			this.change.accept(response);
			return this.callback.handleResponse(response, entityDetails);
		}

		@Override
		public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
			this.callback.handleInformationResponse(response);
		}

		@Override
		public void completed() {
			this.end.run();
			this.callback.completed();
		}

		@Override
		public void failed(Exception cause) {
			this.callback.failed(cause);
		}

	}

}
