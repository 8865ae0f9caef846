package dev.psat.tlstests;

import java.math.BigInteger;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of any client with the bundle {@code spire}. One application serves all
 * tests, each of which mints new peers.
 */
public abstract class OutboundContract extends RefusalContract {

	private static final Map<Peer, HandshakeOutcome> OUTCOMES = new EnumMap<>(
			Map.of(Peer.LISTED, HandshakeOutcome.ACCEPTED, Peer.BELOW_PATH, HandshakeOutcome.ACCEPTED, Peer.STRANGER,
					HandshakeOutcome.UNAUTHORIZED, Peer.AGENT, HandshakeOutcome.UNAUTHORIZED, Peer.SPIRE_SERVER,
					HandshakeOutcome.UNAUTHORIZED, Peer.FOREIGN, HandshakeOutcome.UNTRUSTED, Peer.EXPIRED,
					HandshakeOutcome.UNTRUSTED, Peer.WEB, HandshakeOutcome.MALFORMED));

	protected OutboundContract(TlsApplication application, Function<SslBundle, Call> clients) {
		super(application, clients);
	}

	@ParameterizedTest
	@EnumSource
	void callsListedServersAloneAlsoAfterRotation(TlsVersion version) {
		Call client = client(application().bundle());
		assertThatListedServersAloneAreCalled(client, version);
		if (version == TlsVersion.TLS_1_2) {
			application().rotate();
		}
		else {
			application().replaceAuthority();
		}
		assertThatListedServersAloneAreCalled(client, version);
	}

	@ParameterizedTest
	@EnumSource
	void refusesSessionOfServerWhoseAuthorityWasRevoked(TlsVersion version) throws Exception {
		Call client = client(application().bundle());
		try (PeerServer server = serve(credential(Peer.LISTED), version)) {
			assertThat(client.get(server.closingUri())).isEqualTo("hello");
			application().replaceAuthority();
			assertThatRefused(HandshakeOutcome.UNTRUSTED, client, server.closingUri());
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesSessionOfServerThatIsAuthorizedNoMore(TlsVersion version) throws Exception {
		Policy policy = new Policy();
		Call client = client(application().bundle().authorizing(policy));
		try (PeerServer server = serve(credential(Peer.LISTED), version)) {
			assertThat(client.get(server.closingUri())).isEqualTo("hello");
			policy.shrink(true);
			assertThatRefused(HandshakeOutcome.UNAUTHORIZED, client, server.closingUri());
			policy.shrink(false);
			assertThat(client.get(server.closingUri())).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@EnumSource
	void showsNewestSvidOnNextConnection(TlsVersion version) throws Exception {
		Call client = client(application().bundle());
		List<BigInteger> expected = new ArrayList<>();
		try (PeerServer server = serve(credential(Peer.LISTED), version)) {
			for (int i = 0; i < 2; i++) {
				expected.add(application().serialNumber());
				client.get(server.closingUri());
				application().rotate();
			}
			assertThat(server.clients()).extracting(X509Certificate::getSerialNumber).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@EnumSource
	void keepsConnections(TlsVersion version) throws Exception {
		Call client = client(application().bundle());
		long accepted = count(HandshakeOutcome.ACCEPTED);
		try (PeerServer server = serve(credential(Peer.LISTED), version)) {
			for (int i = 0; i < 5; i++) {
				assertThat(client.get(server.uri())).isEqualTo("hello");
			}
			assertThat(server.clients()).hasSize(1);
		}
		assertThat(count(HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + 1);
	}

	@Test
	void clientWithAnotherBundleStillChecksHostName() throws Exception {
		TlsWorld world = application().world();
		KeyStore keyStore = credential(Peer.LISTED).keyStore();
		Call client = client(SslBundle.of(SslStoreBundle.of(keyStore, "", world.web().trustStore())));
		try (PeerServer right = serve(Credential.of(world.web(), "localhost"), TlsVersion.TLS_1_3);
				PeerServer wrong = serve(Credential.of(world.web(), "elsewhere.example"), TlsVersion.TLS_1_3)) {
			assertThat(client.get(right.uri())).isEqualTo("hello");
			assertThatException().isThrownBy(() -> client.get(wrong.uri()));
			assertThat(client.get(right.uri())).isEqualTo("hello");
		}
	}

	private void assertThatListedServersAloneAreCalled(Call client, TlsVersion version) {
		SoftAssertions.assertSoftly((softly) -> OUTCOMES.forEach((peer, outcome) -> {
			long before = count(outcome);
			try (PeerServer server = serve(credential(peer), version)) {
				String answer = answer(client, server.uri());
				softly.assertThat(answer.equals("hello")).as("%s: %s", peer, answer).isEqualTo(peer.isAuthorized());
				softly.assertThat(count(outcome)).as("%s is %s: %s", peer, outcome, answer).isGreaterThan(before);
			}
		}));
	}

	/**
	 * Return the result of a call, for the message of a failed assertion.
	 * @param client the client
	 * @param uri the URI to call
	 * @return the body of the answer, or the stack trace of what the call throws
	 */
	public static String answer(Call client, URI uri) {
		try {
			return client.get(uri);
		}
		catch (Exception ex) {
			return Throwables.getStackTrace(ex);
		}
	}

	private void assertThatRefused(HandshakeOutcome outcome, Call client, URI uri) {
		long before = count(outcome);
		assertThatException().isThrownBy(() -> client.get(uri));
		assertThat(count(outcome)).isGreaterThan(before);
	}

	private long count(HandshakeOutcome outcome) {
		return application().count(Direction.OUTBOUND, outcome);
	}

}
