package dev.psat.tlstests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.psat.support.AnyCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of an application whose {@code /caller} tells callers who they are, and
 * which serves the bundle {@code spire} and, elsewhere, the bundle {@code classic} of
 * {@link TlsWorld#classicBundle()}.
 */
public abstract class CallersContract {

	protected static final String PATH = "/caller";

	/** Or else TLS would end a connection before the application looks at its caller. */
	protected static final String KEEP = "spire.bundle.open-connections=keep";

	/** A caller that TLS lets in, and the application does not know. */
	protected static final String UNKNOWN = "spiffe://example.org/ns/pay/sa/unknown";

	/**
	 * Return the application, which keeps open connections, so that each request over one
	 * has to be judged.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Return the trust domains that the application federates with.
	 * @return the partners, always the same instance
	 */
	protected abstract Partners partners();

	/**
	 * Connect to where {@code spire} is served.
	 * @param credential the credential to present
	 * @return the connection
	 */
	protected KeptConnection spire(Credential credential) {
		return new KeptConnection(spirePort(), null, credential);
	}

	/**
	 * Return the port where {@code spire} is served.
	 * @return the port
	 */
	protected final int spirePort() {
		return application().port("server");
	}

	/**
	 * Return the host by which HTTP/2 clients reach {@code spire}.
	 * @return the host
	 */
	protected String spireHost() {
		return "localhost";
	}

	/**
	 * Return the port where {@code classic} is served.
	 * @return the port
	 */
	protected abstract int classicPort();

	/**
	 * Return the status for callers that are nobody.
	 * @return the status
	 */
	protected abstract String turnedAway();

	@Test
	void callerIsKnownByItsConnection() {
		for (Peer peer : new Peer[] { Peer.LISTED, Peer.BELOW_PATH }) {
			try (KeptConnection connection = spire(world().credential(peer))) {
				assertThat(connection.get(PATH)).isEqualTo(id(peer));
				assertThat(connection.get(PATH)).isEqualTo(id(peer));
			}
		}
	}

	@Test
	void callerIsKnownByItsConnectionOverHttp2() {
		assertThat(http2(spireHost(), spirePort(), world().credential(Peer.LISTED))).isEqualTo(TlsWorld.LISTED);
	}

	@Test
	void callerThatNobodyKnowsIsTurnedAway() {
		Credential unknown = Credential.of(world().server().mintX509Svid(UNKNOWN));
		try (KeptConnection connection = spire(unknown)) {
			assertThat(connection.get(PATH)).isEqualTo(turnedAway());
		}
	}

	@Test
	void classicAuthorityImpersonatesNobody() {
		try (KeptConnection connection = classic(world().credential(Peer.FOREIGN))) {
			assertThat(connection.get(PATH)).isEqualTo(turnedAway());
		}
		assertThat(http2("127.0.0.1", classicPort(), world().credential(Peer.FOREIGN))).isEqualTo(turnedAway());
	}

	@Test
	void headersMakeNoCallerOfTheBundle() {
		String spire = spireHost() + ":" + spirePort();
		try (KeptConnection connection = classic(world().credential(Peer.FOREIGN))) {
			assertThat(connection.get(PATH, "Host: " + spire)).isEqualTo(turnedAway());
			assertThat(connection.get(PATH, "X-Forwarded-Proto: https", "X-Forwarded-Host: " + spireHost(),
					"X-Forwarded-Port: " + spirePort()))
				.isEqualTo(turnedAway());
			assertThat(connection.get(PATH, "Forwarded: proto=https;host=\"%s\"".formatted(spire)))
				.isEqualTo(turnedAway());
		}
	}

	@Test
	void callerWhoseAuthorityWasRevokedIsNobodyOnItsOpenConnection() {
		try (KeptConnection connection = spire(world().credential(Peer.LISTED))) {
			assertThat(connection.get(PATH)).isEqualTo(TlsWorld.LISTED);
			application().replaceAuthority();
			assertThat(connection.get(PATH)).isEqualTo(turnedAway());
			assertThat(connection.isClosing()).isFalse();
			assertThat(connection.get(PATH)).isEqualTo(turnedAway());
		}
		try (KeptConnection connection = spire(world().credential(Peer.LISTED))) {
			assertThat(connection.get(PATH)).isEqualTo(TlsWorld.LISTED);
		}
	}

	@Test
	void partnerIsKnownByItsConnectionForAsLongAsItIsTrusted() {
		Credential credential = partners().credential(FederatedPeer.LISTED);
		try (KeptConnection connection = spire(credential)) {
			assertThat(connection.get(PATH)).isEqualTo(Partners.LISTED);
			partners().end(application(), Partners.End.DELETED);
			try {
				assertThat(connection.get(PATH)).isEqualTo(turnedAway());
				assertThat(connection.get(PATH)).isEqualTo(turnedAway());
			}
			finally {
				partners().begin(application());
			}
		}
		try (KeptConnection connection = spire(credential)) {
			assertThat(connection.get(PATH)).isEqualTo(Partners.LISTED);
		}
	}

	protected final TlsWorld world() {
		return application().world();
	}

	protected final KeptConnection classic(Credential credential) {
		return new KeptConnection(classicPort(), null, credential);
	}

	private static String id(Peer peer) {
		return (peer == Peer.LISTED) ? TlsWorld.LISTED : TlsWorld.BELOW_PATH;
	}

	private static @Nullable String http2(String host, int port, Credential credential) {
		HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_2)
			.sslContext(credential.sslContext(new AnyCertificate()))
			.build();
		try {
			HttpResponse<String> response = client.send(
					HttpRequest.newBuilder(URI.create("https://%s:%d%s".formatted(host, port, PATH))).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			return (response.statusCode() == 200) ? response.body() : String.valueOf(response.statusCode());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
