package dev.psat.spire.http;

import dev.psat.spire.SvidSslBundle;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Prepares the builders of HttpComponents. By default, their clients open a connection
 * for each call, since they treat a client with a certificate as a user whose connections
 * must not be shared, and verify a host name that an X.509-SVID does not contain.
 * <p>
 * A builder asks for the TLS strategy of a bundle, if there is one, and later has the
 * client customized, where the bundle is not known. So it is remembered in between. What
 * the application customizes in between may fail, or make another client: then nothing is
 * remembered, and the client is treated as one with the bundle, which is the safe side.
 */
final class HttpComponentsClients {

	private final ThreadLocal<Building> building = new ThreadLocal<>();

	private HttpComponentsClients() {
	}

	static HttpComponentsClientHttpRequestFactoryBuilder prepare(
			HttpComponentsClientHttpRequestFactoryBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory((bundle) -> (bundle != null) ? clients.tlsStrategy(bundle) : null)
			.withConnectionManagerCustomizer((connections) -> clients.continues())
			.withHttpClientCustomizer((client) -> {
				if (clients.endsWithBundle()) {
					client.disableConnectionState();
					HttpComponentsRedirects.guard(client);
				}
			});
	}

	static HttpComponentsClientHttpConnectorBuilder prepare(HttpComponentsClientHttpConnectorBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory(
				(bundle) -> (bundle != null) ? clients.tlsStrategy(bundle) : DefaultClientTlsStrategy.createDefault())
			.withConnectionManagerCustomizer((connections) -> clients.continues())
			.withHttpClientCustomizer((client) -> {
				if (clients.endsWithBundle()) {
					client.disableConnectionState();
					HttpComponentsRedirects.guard(client);
				}
			});
	}

	private DefaultClientTlsStrategy tlsStrategy(SslBundle bundle) {
		if (bundle instanceof SvidSslBundle ours) {
			this.building.set(Building.BEGUN_WITH_BUNDLE);
			if (!ours.verifiesHostName()) {
				return new DefaultClientTlsStrategy(ours.createSslContext(), HostnameVerificationPolicy.CLIENT,
						NoopHostnameVerifier.INSTANCE);
			}
		}
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

	/**
	 * Remember whether the bundle has just been asked for, before anything of the
	 * application is called. Whatever else is remembered is of a client that was never
	 * made.
	 */
	private void continues() {
		this.building
			.set((this.building.get() == Building.BEGUN_WITH_BUNDLE) ? Building.WITH_BUNDLE : Building.WITHOUT_BUNDLE);
	}

	private boolean endsWithBundle() {
		boolean withBundle = this.building.get() != Building.WITHOUT_BUNDLE;
		this.building.remove();
		return withBundle;
	}

	private enum Building {

		BEGUN_WITH_BUNDLE, WITH_BUNDLE, WITHOUT_BUNDLE

	}

}
