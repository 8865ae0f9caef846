package dev.psat.tlstests;

import java.net.URI;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of an HTTP client with an identity bundle, which also is that of
 * redirects.
 */
public abstract class HttpIdentityContract extends IdentityContract {

	protected HttpIdentityContract(TlsApplication application, Function<SslBundle, Call> clients) {
		super(application, clients);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void followsNoRedirectThatLeavesHttps(int status) {
		Call client = client();
		try (RedirectPeer server = new RedirectPeer(Credential.of(application().world().web(), "localhost"));
				RedirectPeer plain = new RedirectPeer(null)) {
			call(client, server.redirect(status, plain.uri("localhost")));
			assertThat(server.received()).hasSize(1);
			assertThat(plain.received()).isEmpty();
		}
	}

	@Test
	void followsRedirectsWithinHttps() throws Exception {
		try (RedirectPeer server = new RedirectPeer(Credential.of(application().world().web(), "localhost"))) {
			assertThat(client().get(server.redirect(302, "/hello"))).isEqualTo("hello");
		}
	}

	@Test
	void checksWhoeverItIsRedirectedTo() {
		Call client = client();
		try (RedirectPeer server = new RedirectPeer(Credential.of(application().world().web(), "localhost"));
				RedirectPeer wrong = new RedirectPeer(
						Credential.of(application().world().web(), "elsewhere.example"))) {
			call(client, server.redirect(302, wrong.uri("localhost")));
			assertThat(server.received()).hasSize(1);
			assertThat(wrong.received()).isEmpty();
		}
	}

	/**
	 * Call a URI, whose answer may be the redirect, which has no body.
	 */
	private static void call(Call client, URI uri) {
		try {
			client.get(uri);
		}
		catch (Exception ex) {
			// others do not answer at all
		}
	}

}
