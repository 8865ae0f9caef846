package dev.psat.spire.http;

import dev.psat.spire.SpiffeSslBundle;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Prepares the builders of HttpComponents. By default, their clients verify a host name
 * that an X.509-SVID does not contain, and open a connection for each call, since they
 * treat a client with a certificate as a user whose connections must not be shared.
 * <p>
 * A builder asks for the TLS strategy of a bundle, and right after that has the client
 * customized, where the bundle is not known. So it is remembered in between.
 */
final class HttpComponentsClients {

	private final ThreadLocal<SpiffeSslBundle> building = new ThreadLocal<>();

	private HttpComponentsClients() {
	}

	static HttpComponentsClientHttpRequestFactoryBuilder prepare(
			HttpComponentsClientHttpRequestFactoryBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory((bundle) -> (bundle != null) ? clients.tlsStrategy(bundle) : null)
			.withHttpClientCustomizer((client) -> {
				if (clients.endsWithBundle()) {
					client.disableConnectionState();
					HttpComponentsRedirects.guard(client);
				}
			});
	}

	static HttpComponentsClientHttpConnectorBuilder prepare(HttpComponentsClientHttpConnectorBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory(clients::tlsStrategy).withHttpClientCustomizer((client) -> {
			if (clients.endsWithBundle()) {
				client.disableConnectionState();
				HttpComponentsRedirects.guard(client);
			}
		});
	}

	private DefaultClientTlsStrategy tlsStrategy(SslBundle bundle) {
		if (bundle instanceof SpiffeSslBundle spiffe) {
			this.building.set(spiffe);
			return new DefaultClientTlsStrategy(spiffe.createSslContext(), HostnameVerificationPolicy.CLIENT,
					NoopHostnameVerifier.INSTANCE);
		}
		this.building.remove();
		return asUsual(bundle);
	}

	/**
	 * Return the strategy that Spring Boot has by default, but does not hand out.
	 */
	private static DefaultClientTlsStrategy asUsual(SslBundle bundle) {
		SslOptions options = bundle.getOptions();
		return new DefaultClientTlsStrategy(bundle.createSslContext(), options.getEnabledProtocols(),
				options.getCiphers(), null, new DefaultHostnameVerifier());
	}

	private boolean endsWithBundle() {
		boolean withBundle = this.building.get() != null;
		this.building.remove();
		return withBundle;
	}

}
