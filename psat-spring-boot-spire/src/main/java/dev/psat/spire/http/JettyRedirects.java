package dev.psat.spire.http;

import javax.net.ssl.SSLContext;

import dev.psat.spire.tls.internal.BundleTls;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpRedirector;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;

/**
 * Lets the call fail where a redirect leaves HTTPS: Jetty commits itself to following
 * before it has the headers.
 */
final class JettyRedirects extends RedirectProtocolHandler {

	private final JettyRefusal refusal;

	private JettyRedirects(HttpClient client) {
		super(client);
		this.refusal = new JettyRefusal(client);
	}

	static JettyClientHttpRequestFactoryBuilder prepare(JettyClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientCustomizer(JettyRedirects::guard);
	}

	static JettyClientHttpConnectorBuilder prepare(JettyClientHttpConnectorBuilder builder) {
		return builder.withHttpClientCustomizer(JettyRedirects::guard);
	}

	private static void guard(HttpClient client) {
		SslContextFactory.Client tls = client.getSslContextFactory();
		SSLContext context = (tls != null) ? tls.getSslContext() : null;
		BundleTls bundle = (context != null) ? BundleTls.of(context) : null;
		if (bundle != null) {
			client.addEventListener(new JettyStart(client));
			JettyConnections.follow(client, tls, bundle);
		}
	}

	@Override
	public String getName() {
		return JettyRedirects.class.getName();
	}

	@Override
	public void onComplete(Result result) {
		if (leavesHttps(result)) {
			this.refusal.refuse(result);
		}
		else {
			super.onComplete(result);
		}
	}

	private static boolean leavesHttps(Result result) {
		String scheme = result.getRequest().getScheme();
		return result.getResponse()
			.getHeaders()
			.getFields(HttpHeader.LOCATION)
			.stream()
			.map(HttpField::getValue)
			.anyMatch((location) -> Redirects.leaveHttps(scheme, location));
	}

	private static final class JettyRefusal extends HttpRedirector {

		JettyRefusal(HttpClient client) {
			super(client);
		}

		void refuse(Result result) {
			Response response = result.getResponse();
			fail(result.getRequest(), response,
					new HttpResponseException("A redirect that leaves HTTPS is not followed", response));
		}

	}

	/**
	 * At each start Jetty adds its handlers, and the first that accepts an answer gets
	 * it.
	 */
	private record JettyStart(HttpClient client) implements LifeCycle.Listener {

		@Override
		public void lifeCycleStarting(LifeCycle event) {
			this.client.getProtocolHandlers().put(new JettyRedirects(this.client));
		}

	}

}
