package dev.psat.tlstests;

import java.util.function.Function;

import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The least of any client with the bundle {@code spire}: it has the bundle, and refuses.
 */
public abstract class RefusalContract extends ClientContract {

	protected RefusalContract(TlsApplication application, Function<SslBundle, Call> clients) {
		super(application, clients);
	}

	/**
	 * Start a server to call.
	 * @param credential the credential that it presents
	 * @param version its only TLS version
	 * @return the server, which uses HTTP/1.1 unless overridden
	 */
	protected PeerServer serve(Credential credential, TlsVersion version) {
		return new HttpPeer(credential, version);
	}

	protected final PeerServer serve(Peer peer) {
		return serve(credential(peer), TlsVersion.TLS_1_3);
	}

	final Credential credential(Peer peer) {
		return application().world().credential(peer);
	}

	@Test
	void callsListedServerAndRefusalOfStrangerNamesServerAndList() throws Exception {
		Call client = client(application().bundle());
		try (PeerServer listed = serve(Peer.LISTED); PeerServer stranger = serve(Peer.STRANGER)) {
			assertThat(client.get(listed.uri())).isEqualTo("hello");
			assertThatException().isThrownBy(() -> client.get(stranger.uri()))
				.withStackTraceContaining(TlsWorld.STRANGER)
				.withStackTraceContaining("'spire.bundle.authorized-servers'");
			assertThat(client.get(listed.uri())).isEqualTo("hello");
		}
	}

}
