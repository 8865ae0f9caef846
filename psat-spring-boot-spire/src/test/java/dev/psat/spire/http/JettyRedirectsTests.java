package dev.psat.spire.http;

import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.junit.jupiter.api.Test;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JettyRedirects}: which clients are guarded.
 */
class JettyRedirectsTests {

	private static final HttpClientSettings WITH_BUNDLE = HttpClientSettings
		.ofSslBundle(SpiffeSslBundle.of(new TestIdentity()));

	@Test
	void clientWithBundleIsGuardedAfterEachStart() throws Exception {
		HttpClient client = client(WITH_BUNDLE);
		for (int i = 0; i < 2; i++) {
			client.start();
			assertThat(handler(client)).isInstanceOf(JettyRedirects.class);
			client.stop();
		}
	}

	@Test
	void clientWithoutBundleIsNotGuarded() throws Exception {
		HttpClient client = client(HttpClientSettings.defaults());
		client.start();
		assertThat(handler(client)).isExactlyInstanceOf(RedirectProtocolHandler.class);
		client.stop();
	}

	@Test
	void clientThatFollowsNothingStillDoesNot() throws Exception {
		HttpClient client = client(WITH_BUNDLE.withRedirects(HttpRedirects.DONT_FOLLOW));
		client.start();
		assertThat(handler(client)).isNull();
		client.stop();
	}

	private static HttpClient client(HttpClientSettings settings) {
		AtomicReference<HttpClient> client = new AtomicReference<>();
		ClientHttpRequestFactoryBuilder.jetty()
			.with(SpiffeHttpClients::prepare)
			.withHttpClientCustomizer(client::set)
			.build(settings);
		return client.get();
	}

	private static ProtocolHandler handler(HttpClient client) {
		Request request = client.newRequest("https://localhost/");
		return client.getProtocolHandlers().find(request, new HttpResponse(request).status(302));
	}

}
