package dev.psat.tlstests;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.tlstests.RedirectPeer.Received;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of an HTTP client with the bundle {@code spire}: where it lets itself be
 * redirected.
 */
public abstract class RedirectContract {

	private static final List<Integer> STATUSES = List.of(301, 302, 303, 307, 308);

	private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST);

	private static final String AUTHORIZATION = "Bearer secret";

	private static final String BODY = "card=4711";

	private RedirectPeer listed;

	private RedirectPeer plain;

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Create a client as the application does.
	 * @param settings the settings, including the bundle
	 * @return the client
	 */
	protected abstract Exchange client(HttpClientSettings settings);

	/**
	 * Return whether the library follows a redirect from HTTPS to HTTP if it is left
	 * alone.
	 * @return whether it does, which is so unless overridden
	 */
	protected boolean leavesHttpsOtherwise() {
		return true;
	}

	/**
	 * Return to whom the client sends the header {@code Authorization} on after a
	 * redirect.
	 * @return the servers, which is the one that redirected unless overridden
	 */
	protected Sent sendsAuthorization() {
		return new Sent(true, false, false);
	}

	@BeforeEach
	void startServers() {
		this.listed = new RedirectPeer(application().world().credential(Peer.LISTED));
		this.plain = new RedirectPeer(null);
	}

	@AfterEach
	void closeServers() {
		this.listed.close();
		this.plain.close();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "DONT_FOLLOW")
	void followsNoRedirectThatLeavesHttps(HttpRedirects redirects) {
		Exchange client = client(settings().withRedirects(redirects));
		assertThatNothingLeavesHttps(client, (location) -> this.listed.redirect(307, location));
	}

	@Test
	void followsNoRedirectThatLeavesHttpsByDefault() {
		Exchange client = client(settings());
		STATUSES.forEach(
				(status) -> assertThatNothingLeavesHttps(client, (location) -> this.listed.redirect(status, location)));
	}

	@Test
	void followsNoRedirectThatLeavesHttpsAtTheEndOfOthers() {
		Exchange client = client(settings());
		try (RedirectPeer second = new RedirectPeer(application().world().credential(Peer.BELOW_PATH))) {
			assertThatNothingLeavesHttps(client,
					(location) -> this.listed.redirect(307, second.redirect(308, location)));
			assertThat(second.received()).isNotEmpty();
		}
	}

	@Test
	void followsRedirectsWithinHttps() throws Exception {
		Exchange client = client(settings());
		for (String location : List.of("/hello", "hello", "https://localhost:%d/hello", "HTTPS://localhost:%d/hello",
				"//localhost:%d/hello")) {
			URI uri = this.listed.redirect(302, location.formatted(this.listed.port()));
			assertThat(client.send(HttpMethod.GET, uri).getBody()).as(location).isEqualTo("hello");
		}
	}

	@Test
	void followsRedirectsOfPlainServersAsBefore() throws Exception {
		Exchange client = client(settings());
		URI uri = this.plain.redirect(302, this.plain.uri("localhost"));
		assertThat(client.send(HttpMethod.GET, uri).getBody()).isEqualTo("hello");
	}

	@Test
	void checksWhoeverItIsRedirectedTo() {
		Exchange client = client(settings());
		try (RedirectPeer stranger = new RedirectPeer(application().world().credential(Peer.STRANGER))) {
			URI uri = this.listed.redirect(307, stranger.uri("localhost"));
			assertThatException().isThrownBy(() -> client.send(HttpMethod.GET, uri))
				.withStackTraceContaining(TlsWorld.STRANGER);
			assertThat(stranger.received()).isEmpty();
		}
	}

	@Test
	void followsNoneIfTheApplicationSaysSo() throws Exception {
		Exchange client = client(settings().withRedirects(HttpRedirects.DONT_FOLLOW));
		ResponseEntity<String> answer = client.send(HttpMethod.GET, this.listed.redirect(302, "/hello"));
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.FOUND);
		assertThat(answer.getHeaders().getFirst(HttpHeaders.LOCATION)).isEqualTo("/hello");
	}

	@Test
	void clientWithAnotherBundleFollowsAsBefore() throws Exception {
		TlsWorld world = application().world();
		Credential credential = Credential.of(world.web(), "localhost");
		SslBundle web = SslBundle.of(SslStoreBundle.of(credential.keyStore(), "", world.web().trustStore()));
		Exchange client = client(HttpClientSettings.ofSslBundle(web));
		try (RedirectPeer server = new RedirectPeer(credential)) {
			ResponseEntity<String> answer = client.send(HttpMethod.GET,
					server.redirect(302, this.plain.uri("localhost")));
			assertThat("hello".equals(answer.getBody())).isEqualTo(leavesHttpsOtherwise());
			assertThat(this.plain.received()).hasSize(leavesHttpsOtherwise() ? 1 : 0);
		}
	}

	/**
	 * The documentation says so.
	 */
	@Test
	void sendsAuthorizationToWhomItIsKnownTo() throws Exception {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.AUTHORIZATION, AUTHORIZATION);
		Exchange client = client(settings());
		try (RedirectPeer other = new RedirectPeer(application().world().credential(Peer.BELOW_PATH));
				RedirectPeer elsewhere = new RedirectPeer(application().world().credential(Peer.BELOW_PATH))) {
			client.send(HttpMethod.GET, this.listed.redirect(302, "/hello"), headers);
			boolean sameServer = isKnown(this.listed.received().subList(1, 2));
			client.send(HttpMethod.GET, this.listed.redirect(302, other.uri("localhost")), headers);
			client.send(HttpMethod.GET, this.listed.redirect(302, elsewhere.uri("127.0.0.1")), headers);
			assertThat(new Sent(sameServer, isKnown(other.received()), isKnown(elsewhere.received())))
				.isEqualTo(sendsAuthorization());
		}
	}

	private static boolean isKnown(List<Received> received) {
		return received.stream().anyMatch((request) -> AUTHORIZATION.equals(request.authorization()));
	}

	private HttpClientSettings settings() {
		return HttpClientSettings.ofSslBundle(application().bundle());
	}

	private void assertThatNothingLeavesHttps(Exchange client, Redirect redirect) {
		Stream<String> locations = Stream.of("http://localhost:%d/hello", "HTTP://localhost:%d/hello",
				"hTTp://127.0.0.1:%d", "ws://localhost:%d/hello", "localhost:%d/hello", "http:localhost:%d/hello",
				" http://localhost:%d/hello");
		List<String> all = locations.map((location) -> location.formatted(this.plain.port())).toList();
		SoftAssertions.assertSoftly((softly) -> METHODS.forEach((method) -> all.forEach((location) -> {
			int before = this.listed.received().size();
			String answer = answer(client, method, redirect.to(location));
			softly.assertThat(this.listed.received()).as(answer).hasSizeGreaterThan(before);
			softly.assertThat(this.plain.received()).as("%s to %s: %s", method, location, answer).isEmpty();
		})));
	}

	/**
	 * Return the result of a call, for the message of a failed assertion.
	 */
	private static String answer(Exchange client, HttpMethod method, URI uri) {
		try {
			return client.send(method, uri).toString();
		}
		catch (Exception ex) {
			return Throwables.getStackTrace(ex);
		}
	}

	/**
	 * A client that sends, with {@code POST}, a body that nobody else should see.
	 */
	public interface Exchange {

		/**
		 * Create a blocking client.
		 * @param factory creates its requests
		 * @return the client
		 */
		static Exchange of(ClientHttpRequestFactory factory) {
			RestClient client = RestClient.builder().requestFactory(factory).build();
			return (method, uri, headers) -> {
				RestClient.RequestBodySpec request = client.method(method)
					.uri(uri)
					.headers((all) -> all.putAll(headers));
				if (method.equals(HttpMethod.POST)) {
					request.body(BODY);
				}
				return request.retrieve().toEntity(String.class);
			};
		}

		/**
		 * Create a reactive client.
		 * @param connector creates its requests
		 * @return the client
		 */
		static Exchange of(ClientHttpConnector connector) {
			WebClient client = WebClient.builder().clientConnector(connector).build();
			return (method, uri, headers) -> {
				WebClient.RequestBodySpec request = client.method(method)
					.uri(uri)
					.headers((all) -> all.putAll(headers));
				if (method.equals(HttpMethod.POST)) {
					request.bodyValue(BODY);
				}
				return Objects.requireNonNull(request.retrieve().toEntity(String.class).block());
			};
		}

		/**
		 * Call a URI.
		 * @param method {@code GET} or {@code POST}
		 * @param uri the URI
		 * @param headers the headers
		 * @return the answer
		 * @throws Exception if there is none
		 */
		ResponseEntity<String> send(HttpMethod method, URI uri, HttpHeaders headers) throws Exception;

		default ResponseEntity<String> send(HttpMethod method, URI uri) throws Exception {
			return send(method, uri, new HttpHeaders());
		}

	}

	/**
	 * To whom a client sends the header {@code Authorization} on.
	 *
	 * @param sameServer whether to the server that redirected
	 * @param sameHost whether to another port of the same host
	 * @param otherHost whether to another host
	 */
	public record Sent(boolean sameServer, boolean sameHost, boolean otherHost) {
	}

	private interface Redirect {

		URI to(String location);

	}

}
