package dev.psat.spire.http;

import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * By default, a client opens a connection for each call, since it takes a certificate for
 * a user whose connections must not be shared, and verifies a host name that no
 * X.509-SVID has.
 * <p>
 * A builder asks for the TLS strategy of a bundle, and later has the client customized,
 * where the bundle is not known: it is remembered in between. If what the application
 * customizes there fails, or makes another client, the client is treated as one with the
 * bundle.
 */
final class HttpComponentsClients {

	private final ThreadLocal<@Nullable Building> building = new ThreadLocal<>();

	private HttpComponentsClients() {
	}

	static HttpComponentsClientHttpRequestFactoryBuilder prepare(
			HttpComponentsClientHttpRequestFactoryBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory((bundle) -> (bundle != null) ? clients.tlsStrategy(bundle) : null)
			.withConnectionManagerCustomizer((connections) -> clients.continues())
			.withHttpClientCustomizer((client) -> clients.end(() -> {
				client.disableConnectionState();
				HttpComponentsRedirects.guard(client);
			}, (tls) -> HttpComponentsRetirement.retire(tls, client)));
	}

	static HttpComponentsClientHttpConnectorBuilder prepare(HttpComponentsClientHttpConnectorBuilder builder) {
		HttpComponentsClients clients = new HttpComponentsClients();
		return builder.withTlsSocketStrategyFactory(
				(bundle) -> (bundle != null) ? clients.tlsStrategy(bundle) : DefaultClientTlsStrategy.createDefault())
			.withConnectionManagerCustomizer((connections) -> clients.continues())
			.withHttpClientCustomizer((client) -> clients.end(() -> {
				client.disableConnectionState();
				HttpComponentsRedirects.guard(client);
			}, (tls) -> HttpComponentsRetirement.retire(tls, client)));
	}

	private DefaultClientTlsStrategy tlsStrategy(SslBundle bundle) {
		SSLContext context = BundleTls.throwing(bundle.createSslContext());
		if (bundle instanceof SvidSslBundle ours) {
			this.building.set(new Building(true, true, BundleTls.of(context)));
			if (!ours.verifiesHostName()) {
				return new DefaultClientTlsStrategy(context, HostnameVerificationPolicy.CLIENT,
						NoopHostnameVerifier.INSTANCE);
			}
		}
		return asUsual(bundle, context);
	}

	/** Spring Boot has this strategy by default, but does not hand it out. */
	private static DefaultClientTlsStrategy asUsual(SslBundle bundle, SSLContext context) {
		SslOptions options = bundle.getOptions();
		return new DefaultClientTlsStrategy(context, options.getEnabledProtocols(), options.getCiphers(), null,
				new DefaultHostnameVerifier());
	}

	/**
	 * Before anything of the application is called: what else is remembered is of a
	 * client that was never made.
	 */
	private void continues() {
		Building begun = this.building.get();
		this.building
			.set((begun != null && begun.begun()) ? new Building(false, true, begun.tls()) : Building.WITHOUT_BUNDLE);
	}

	private void end(Runnable withBundle, Consumer<BundleTls> following) {
		Building remembered = this.building.get();
		this.building.remove();
		Building built = (remembered != null && !remembered.begun()) ? remembered : Building.UNKNOWN;
		if (built.withBundle()) {
			withBundle.run();
		}
		if (built.tls() != null) {
			following.accept(built.tls());
		}
	}

	/** The client that is being built, and what its connections belong to. */
	private record Building(boolean begun, boolean withBundle, @Nullable BundleTls tls) {

		private static final Building WITHOUT_BUNDLE = new Building(false, false, null);

		private static final Building UNKNOWN = new Building(false, true, null);

	}

}
