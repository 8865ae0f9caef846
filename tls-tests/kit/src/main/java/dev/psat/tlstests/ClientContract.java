package dev.psat.tlstests;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.psat.spire.http.SpiffeHttpClients;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.webclient.autoconfigure.WebClientSsl;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A contract of any client with a bundle. One application serves all tests.
 */
public abstract class ClientContract {

	private final TlsApplication application;

	private final Function<SslBundle, Call> clients;

	/**
	 * Create a contract.
	 * @param application the application, always the same instance
	 * @param clients creates a client of a bundle as the application does, with a
	 * separate pool
	 */
	ClientContract(TlsApplication application, Function<SslBundle, Call> clients) {
		this.application = application;
		this.clients = clients;
	}

	protected final TlsApplication application() {
		return this.application;
	}

	protected final Call client(SslBundle bundle) {
		return this.clients.apply(bundle);
	}

	/**
	 * A client of the application.
	 */
	public interface Call {

		/** Jetty's default is shorter, and the JDK's client now and then loses a call. */
		Duration LONGEST = Duration.ofMinutes(1);

		static Call of(RestClient client) {
			return new RestCall(client);
		}

		static Call of(WebClient client) {
			return new WebCall(client);
		}

		static Call of(ClientHttpRequestFactoryBuilder<?> builder, SslBundle bundle) {
			HttpClientSettings settings = HttpClientSettings.ofSslBundle(bundle).withReadTimeout(LONGEST);
			return of(RestClient.builder().requestFactory(builder.build(settings)).build());
		}

		/**
		 * Create a client of the JDK. With a bundle, Spring Boot sets parameters that
		 * keep it from HTTP/2, as do those that name no versions of TLS.
		 */
		static Call jdk(SslBundle bundle, boolean http2) {
			JdkClientHttpRequestFactoryBuilder builder = ClientHttpRequestFactoryBuilder.jdk();
			return of(SpiffeHttpClients.prepare(
					http2 ? builder.withHttpClientCustomizer((client) -> client.sslParameters(parameters())) : builder),
					bundle);
		}

		private static SSLParameters parameters() {
			try {
				return SSLContext.getDefault().getDefaultSSLParameters();
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		static Call blocking(TlsApplication application, SslBundle bundle) {
			return of(RestClient.builder().apply(application.bean(RestClientSsl.class).fromBundle(bundle)).build());
		}

		static Call reactive(TlsApplication application, SslBundle bundle) {
			return of(WebClient.builder().apply(application.bean(WebClientSsl.class).fromBundle(bundle)).build());
		}

		/**
		 * Call a URI.
		 * @param uri the URI
		 * @return the body of the answer
		 * @throws Exception if the server is refused
		 */
		String get(URI uri) throws Exception;

		/**
		 * Call a URI with a body, which no library sends twice by itself.
		 * @param uri the URI
		 * @return the body of the answer
		 * @throws Exception if the server is refused, or the call fails
		 */
		default String post(URI uri) throws Exception {
			throw new UnsupportedOperationException();
		}

	}

	private record RestCall(RestClient client) implements Call {

		@Override
		public String get(URI uri) {
			return Objects.requireNonNull(this.client.get().uri(uri).retrieve().body(String.class));
		}

		@Override
		public String post(URI uri) {
			return Objects.requireNonNull(this.client.post().uri(uri).body("order").retrieve().body(String.class));
		}

	}

	private record WebCall(WebClient client) implements Call {

		@Override
		public String get(URI uri) {
			return Objects.requireNonNull(this.client.get().uri(uri).retrieve().bodyToMono(String.class).block());
		}

		@Override
		public String post(URI uri) {
			return Objects.requireNonNull(
					this.client.post().uri(uri).bodyValue("order").retrieve().bodyToMono(String.class).block());
		}

	}

}
