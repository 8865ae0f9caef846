package dev.psat.spire.http;

import java.net.http.HttpClient;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.internal.BundleTls;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.Assert;

/**
 * Prepares the builders of Spring Boot's HTTP clients for a {@link SvidSslBundle}: with
 * it, clients keep their connections for as long as the server is authorized, open others
 * in time, resume no session, and follow no redirect that leaves HTTPS. With a
 * {@link SpiffeSslBundle}, they do not look for a host name that an X.509-SVID does not
 * contain.
 * <p>
 * Not needed for the builder beans of Spring Boot. Use it for a builder that the
 * application declares or creates itself, and which is left alone otherwise:
 *
 * <pre class="code">
 * &#64;Bean
 * HttpComponentsClientHttpRequestFactoryBuilder requestFactoryBuilder() {
 *     return ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare);
 * }
 * </pre>
 *
 * Clients that Spring Boot calls simple need no preparation.
 *
 * @since 0.1.0
 */
public final class SpiffeHttpClients {

	private SpiffeHttpClients() {
	}

	/**
	 * Prepare a builder. Call this last, since the type of the result is another one. A
	 * client of the JDK cannot let go of a single connection: where one is about to end,
	 * but at most once a minute, the whole client is built anew, and so customized again.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static ClientHttpRequestFactoryBuilder<ClientHttpRequestFactory> prepare(
			JdkClientHttpRequestFactoryBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return JdkClients.prepare(builder);
	}

	/**
	 * Prepare a builder as {@link #prepare(JdkClientHttpRequestFactoryBuilder)} does.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static ClientHttpConnectorBuilder<ClientHttpConnector> prepare(JdkClientHttpConnectorBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return JdkClients.prepare(builder);
	}

	/**
	 * Give a client of the JDK a bundle. Its connections end with the cause of their
	 * authorization, but it uses each of them until then, so a call may fail at the end.
	 * @param builder the builder, whose context is replaced
	 * @param bundle the bundle
	 * @return the same builder
	 */
	public static HttpClient.Builder prepare(HttpClient.Builder builder, SvidSslBundle bundle) {
		Assert.notNull(builder, "'builder' must not be null");
		Assert.notNull(bundle, "'bundle' must not be null");
		return builder.sslContext(BundleTls.throwing(bundle.createSslContext()));
	}

	/**
	 * Prepare a builder. Call this first: it replaces the factory of TLS strategies.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static HttpComponentsClientHttpRequestFactoryBuilder prepare(
			HttpComponentsClientHttpRequestFactoryBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return HttpComponentsClients.prepare(builder);
	}

	/**
	 * Prepare a builder as
	 * {@link #prepare(HttpComponentsClientHttpRequestFactoryBuilder)} does.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static HttpComponentsClientHttpConnectorBuilder prepare(HttpComponentsClientHttpConnectorBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return HttpComponentsClients.prepare(builder);
	}

	/**
	 * Prepare a builder.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static JettyClientHttpRequestFactoryBuilder prepare(JettyClientHttpRequestFactoryBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return JettyRedirects.prepare(builder);
	}

	/**
	 * Prepare a builder.
	 * @param builder the builder
	 * @return a builder whose clients with a {@link SvidSslBundle} are prepared
	 */
	public static JettyClientHttpConnectorBuilder prepare(JettyClientHttpConnectorBuilder builder) {
		Assert.notNull(builder, "'builder' must not be null");
		return JettyRedirects.prepare(builder);
	}

	/**
	 * Prepare a builder. Call this last, since it replaces the TLS configuration, and
	 * preserves what has been decided on redirects.
	 * @param builder the builder
	 * @param bundle the bundle of all its clients, whatever the settings say
	 * @return a builder whose clients have the bundle
	 */
	public static ReactorClientHttpRequestFactoryBuilder prepare(ReactorClientHttpRequestFactoryBuilder builder,
			SvidSslBundle bundle) {
		Assert.notNull(builder, "'builder' must not be null");
		Assert.notNull(bundle, "'bundle' must not be null");
		return ReactorClients.prepare(builder, bundle);
	}

	/**
	 * Prepare a builder as
	 * {@link #prepare(ReactorClientHttpRequestFactoryBuilder, SvidSslBundle)} does.
	 * @param builder the builder
	 * @param bundle the bundle of all its clients, whatever the settings say
	 * @return a builder whose clients have the bundle
	 */
	public static ReactorClientHttpConnectorBuilder prepare(ReactorClientHttpConnectorBuilder builder,
			SvidSslBundle bundle) {
		Assert.notNull(builder, "'builder' must not be null");
		Assert.notNull(bundle, "'bundle' must not be null");
		return ReactorClients.prepare(builder, bundle);
	}

}
