package dev.psat.tlstests;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.net.ssl.SSLSocket;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of any server with the bundle {@code spire}. One application serves all
 * tests, each of which mints new peers.
 */
public abstract class InboundContract {

	private static final Map<HandshakeOutcome, Long> OUTCOMES = Map.of(HandshakeOutcome.ACCEPTED, 2L,
			HandshakeOutcome.UNAUTHORIZED, 3L, HandshakeOutcome.UNTRUSTED, 2L, HandshakeOutcome.MALFORMED, 1L);

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Return how to reach the server with the bundle.
	 * @return the target and the request
	 */
	protected Knock knock() {
		return Knock.http(application().port("server"), "/greeting");
	}

	/**
	 * Return how to reach another server, which has the bundle with the application's
	 * {@link Policy} bean.
	 * @return the target and the request, {@code null} if there is none
	 */
	protected @Nullable Knock policedKnock() {
		return null;
	}

	@ParameterizedTest
	@EnumSource
	void letsInListedClientsAlone(TlsVersion version) {
		assertThatListedClientsAloneAreLetIn(version);
	}

	@ParameterizedTest
	@EnumSource
	void letsInListedClientsAloneAfterRotation(TlsVersion version) {
		if (version == TlsVersion.TLS_1_2) {
			application().rotate();
		}
		else {
			application().replaceAuthority();
		}
		assertThatListedClientsAloneAreLetIn(version);
	}

	@ParameterizedTest
	@EnumSource
	void presentsNewestSvidInEveryHandshake(TlsVersion version) {
		JavaCaller.Resumable java = java(knock(), version);
		OpenSslCaller.Resumable openssl = openssl(knock(), version);
		for (int i = 0; i < 2; i++) {
			assertThatSvidIsPresented(java.call());
			assertThatSvidIsPresented(openssl.call());
			application().rotate();
		}
		assertThatSvidIsPresented(java.call());
		assertThatSvidIsPresented(openssl.call());
	}

	@ParameterizedTest
	@EnumSource
	void checksEachConnectionOfJava(TlsVersion version) {
		JavaCaller.Resumable java = java(knock(), version);
		long accepted = count(HandshakeOutcome.ACCEPTED);
		for (int i = 1; i <= 3; i++) {
			assertThat(java.call().answered()).isTrue();
			assertThat(count(HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + i);
		}
	}

	@ParameterizedTest
	@EnumSource
	void checksEachConnectionOfOpenssl(TlsVersion version) {
		OpenSslCaller.Resumable openssl = openssl(knock(), version);
		long accepted = count(HandshakeOutcome.ACCEPTED);
		for (int i = 1; i <= 3; i++) {
			Reception reception = openssl.call();
			assertThat(reception.answered()).as(reception.output()).isTrue();
			assertThat(count(HandshakeOutcome.ACCEPTED)).isEqualTo(accepted + i);
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesSessionOfClientWhoseAuthorityWasRevoked(TlsVersion version) {
		JavaCaller.Resumable java = java(knock(), version);
		OpenSslCaller.Resumable openssl = openssl(knock(), version);
		assertThat(java.call().answered()).isTrue();
		assertThatSessionIsGiven(openssl, version);
		application().replaceAuthority();
		assertThatRefusedAnew(HandshakeOutcome.UNTRUSTED, java::call, openssl::call);
	}

	@ParameterizedTest
	@EnumSource
	void refusesSessionOfClientThatIsAuthorizedNoMore(TlsVersion version) {
		Knock knock = policedKnock();
		Assumptions.assumeTrue(knock != null, "There is no server with a separate policy");
		JavaCaller.Resumable java = java(knock, version);
		OpenSslCaller.Resumable openssl = openssl(knock, version);
		Policy policy = application().bean(Policy.class);
		assertThat(java.call().answered()).isTrue();
		assertThatSessionIsGiven(openssl, version);
		policy.shrink(true);
		try {
			assertThatRefusedAnew(HandshakeOutcome.UNAUTHORIZED, java::call, openssl::call);
		}
		finally {
			policy.shrink(false);
		}
		assertThat(java.call().answered()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void refusesClientWhoseAuthorityIsRevokedDuringItsHandshake(TlsVersion version) {
		assertThatRefusedAnew(HandshakeOutcome.UNTRUSTED,
				() -> pausing(knock(), version, application()::replaceAuthority));
	}

	@ParameterizedTest
	@EnumSource
	void refusesClientThatIsAuthorizedNoMoreDuringItsHandshake(TlsVersion version) {
		Knock knock = policedKnock();
		Assumptions.assumeTrue(knock != null, "There is no server with a separate policy");
		Policy policy = application().bean(Policy.class);
		try {
			assertThatRefusedAnew(HandshakeOutcome.UNAUTHORIZED,
					() -> pausing(knock, version, () -> policy.shrink(true)));
		}
		finally {
			policy.shrink(false);
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesAgentAndSpireServerThoughThePolicyAuthorizesEverybody(TlsVersion version) {
		Knock knock = policedKnock();
		Assumptions.assumeTrue(knock != null, "There is no server with a separate policy");
		Policy policy = application().bean(Policy.class);
		Caller caller = Client.JAVA.caller(application().world().directory());
		policy.widen(true);
		try {
			for (Peer peer : List.of(Peer.AGENT, Peer.SPIRE_SERVER)) {
				assertThatRefusedAnew(HandshakeOutcome.UNAUTHORIZED,
						() -> caller.call(knock, version, application().world().credential(peer)));
			}
			Reception stranger = caller.call(knock, version, application().world().credential(Peer.STRANGER));
			assertThat(stranger.answered()).as(stranger.output()).isTrue();
		}
		finally {
			policy.widen(false);
		}
	}

	/** The least of any server: {@link EndContract} has the rest. */
	@Test
	void endsConnectionOfClientWhoseAuthorityIsRevoked() throws IOException {
		Credential credential = application().world().credential(Peer.LISTED);
		application().activateAuthority();
		long accepted = count(HandshakeOutcome.ACCEPTED);
		long ended = application().ended(EndCause.UNTRUSTED);
		try (SSLSocket client = new JavaCaller().resumable(knock(), TlsVersion.TLS_1_3, credential).open()) {
			TlsApplication.patiently()
				.untilAsserted(() -> assertThat(count(HandshakeOutcome.ACCEPTED)).isGreaterThan(accepted));
			application().revokeAuthority();
			// those that other tests have left open end as well
			TlsApplication.patiently()
				.untilAsserted(() -> assertThat(application().ended(EndCause.UNTRUSTED)).isGreaterThan(ended));
			assertThat(isClosed(client)).isTrue();
		}
	}

	private static boolean isClosed(SSLSocket client) {
		try {
			client.getInputStream().readAllBytes();
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void refusesRenegotiation(boolean resuming) {
		long accepted = count(HandshakeOutcome.ACCEPTED);
		assertThat(new JavaCaller().renegotiates(knock(), application().world().credential(Peer.LISTED), resuming))
			.isFalse();
		assertThat(count(HandshakeOutcome.ACCEPTED)).as("by the first handshake alone").isEqualTo(accepted + 1);
	}

	private void assertThatListedClientsAloneAreLetIn(TlsVersion version) {
		Map<Peer, Credential> credentials = new EnumMap<>(Peer.class);
		for (Peer peer : Peer.values()) {
			credentials.put(peer, application().world().credential(peer));
		}
		for (Client client : Client.values()) {
			assertThatListedClientsAloneAreLetIn(client, version, credentials);
		}
	}

	/**
	 * Assert the outcomes of all peers, which call at the same time.
	 */
	private void assertThatListedClientsAloneAreLetIn(Client client, TlsVersion version,
			Map<Peer, Credential> credentials) {
		Caller caller = client.caller(application().world().directory());
		Map<HandshakeOutcome, Long> expected = new EnumMap<>(HandshakeOutcome.class);
		OUTCOMES.forEach((outcome, times) -> expected.put(outcome, count(outcome) + times));
		Map<Peer, Reception> receptions = credentials.entrySet()
			.parallelStream()
			.collect(Collectors.toMap(Map.Entry::getKey, (peer) -> caller.call(knock(), version, peer.getValue())));
		SoftAssertions
			.assertSoftly((softly) -> receptions.forEach((peer, reception) -> softly.assertThat(reception.answered())
				.as("%s with %s: %s", peer, client, reception.output())
				.isEqualTo(peer.isAuthorized())));
		assertThat(expected)
			.allSatisfy((outcome, count) -> assertThat(count(outcome)).as("%s", outcome).isEqualTo(count));
	}

	/**
	 * Assert that there is a session, unless it is HTTP/2 over TLS 1.3, where it depends
	 * on server and JDK whether a ticket comes before the answer.
	 */
	private void assertThatSessionIsGiven(OpenSslCaller.Resumable openssl, TlsVersion version) {
		Reception reception = openssl.call();
		assertThat(reception.answered()).as(reception.output()).isTrue();
		if (version == TlsVersion.TLS_1_2 || !knock().http2()) {
			assertThat(openssl.hasSession()).as(reception.output()).isTrue();
		}
	}

	private void assertThatSvidIsPresented(Reception reception) {
		assertThat(reception.answered()).as(reception.output()).isTrue();
		assertThat(reception.server()).isNotNull();
		assertThat(reception.server().getSerialNumber()).isEqualTo(application().serialNumber());
	}

	@SafeVarargs
	private void assertThatRefusedAnew(HandshakeOutcome outcome, Supplier<Reception>... calls) {
		for (Supplier<Reception> call : calls) {
			long before = count(outcome);
			Reception reception = call.get();
			assertThat(reception.answered()).as(reception.output()).isFalse();
			assertThat(count(outcome)).isEqualTo(before + 1);
		}
	}

	private JavaCaller.Resumable java(Knock knock, TlsVersion version) {
		return new JavaCaller().resumable(knock, version, application().world().credential(Peer.LISTED));
	}

	private Reception pausing(Knock knock, TlsVersion version, Runnable pause) {
		return new JavaCaller().callWithPause(knock, version, application().world().credential(Peer.LISTED), pause);
	}

	private OpenSslCaller.Resumable openssl(Knock knock, TlsVersion version) {
		return new OpenSslCaller(application().world().directory()).resumable(knock, version,
				application().world().credential(Peer.LISTED));
	}

	private long count(HandshakeOutcome outcome) {
		return application().count(Direction.INBOUND, outcome);
	}

}
