package dev.psat.tlstests;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of any server with the bundle {@code spire} whose application federates
 * with {@link Partners}. One application serves all tests, each of which mints new peers.
 */
public abstract class FederatedInboundContract {

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Return the trust domains that the application federates with.
	 * @return the partners, always the same instance
	 */
	protected abstract Partners partners();

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
	 * @return the target and the request
	 */
	protected abstract Knock policedKnock();

	/**
	 * Return whether the server lets in every workload of the own trust domain.
	 * @return whether it does, so that it only lists workloads of others
	 */
	protected abstract boolean anyOfOurs();

	@ParameterizedTest
	@EnumSource
	void letsInWhomItListsAndItsTrustDomainVouchesForAlone(TlsVersion version) {
		assertThatListedClientsAloneAreLetIn(version);
		partners().replaceAuthority(application());
		assertThatListedClientsAloneAreLetIn(version);
	}

	@ParameterizedTest
	@EnumSource(Partners.End.class)
	void refusesSessionOfPartnerUntilTrustComesBack(Partners.End end) {
		TlsVersion version = (end == Partners.End.ENTRY) ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
		Credential credential = partners().credential(FederatedPeer.LISTED);
		JavaCaller.Resumable java = new JavaCaller().resumable(knock(), version, credential);
		OpenSslCaller.Resumable openssl = new OpenSslCaller(application().world().directory()).resumable(knock(),
				version, credential);
		assertThatAnswered(java.call());
		assertThatAnswered(openssl.call());
		partners().end(application(), end);
		try {
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, java::call);
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, openssl::call);
			assertThatAnswered(call(FederatedPeer.OWN));
		}
		finally {
			partners().begin(application());
		}
		assertThatAnswered(java.call());
		assertThatAnswered(openssl.call());
	}

	@ParameterizedTest
	@EnumSource
	void refusesPartnerWhoseTrustEndsDuringItsHandshake(TlsVersion version) {
		Credential credential = partners().credential(FederatedPeer.LISTED);
		try {
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, () -> new JavaCaller().callWithPause(knock(), version,
					credential, () -> partners().end(application(), Partners.End.DELETED)));
		}
		finally {
			partners().begin(application());
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesPartnerWhoseAuthorityIsRevokedDuringItsHandshake(TlsVersion version) {
		Credential credential = partners().credential(FederatedPeer.LISTED);
		assertThatRefused(HandshakeOutcome.UNTRUSTED, null, () -> new JavaCaller().callWithPause(knock(), version,
				credential, () -> partners().replaceAuthority(application())));
	}

	/**
	 * It may look at the path alone.
	 */
	@ParameterizedTest
	@EnumSource
	void policyThatNamesNoTrustDomainLetsInNoPartner(TlsVersion version) {
		Policy policy = application().bean(Policy.class);
		policy.widen(true);
		try {
			for (FederatedPeer peer : List.of(FederatedPeer.LISTED, FederatedPeer.NAMESAKE, FederatedPeer.AGENT)) {
				assertThatRefused(HandshakeOutcome.UNAUTHORIZED, Partners.TRUST_DOMAIN,
						() -> new JavaCaller().call(policedKnock(), version, partners().credential(peer)));
			}
			assertThatAnswered(
					new JavaCaller().call(policedKnock(), version, partners().credential(FederatedPeer.OWN_STRANGER)));
		}
		finally {
			policy.widen(false);
		}
	}

	/**
	 * Assert the outcomes of all peers, which call at the same time.
	 */
	private void assertThatListedClientsAloneAreLetIn(TlsVersion version) {
		Map<FederatedPeer, Credential> credentials = new EnumMap<>(FederatedPeer.class);
		Map<Count, Long> expected = new HashMap<>();
		for (FederatedPeer peer : FederatedPeer.values()) {
			credentials.put(peer, partners().credential(peer));
			Count count = new Count(peer.outcome(anyOfOurs()), peer.vouchedForBy());
			expected.merge(count, (long) Client.values().length, Long::sum);
		}
		expected.replaceAll((count, calls) -> calls + count(count));
		for (Client client : Client.values()) {
			Caller caller = client.caller(application().world().directory());
			Map<FederatedPeer, Reception> receptions = credentials.entrySet()
				.parallelStream()
				.collect(Collectors.toMap(Map.Entry::getKey, (peer) -> caller.call(knock(), version, peer.getValue())));
			SoftAssertions.assertSoftly(
					(softly) -> receptions.forEach((peer, reception) -> softly.assertThat(reception.answered())
						.as("%s with %s: %s", peer, client, reception.output())
						.isEqualTo(peer.outcome(anyOfOurs()) == HandshakeOutcome.ACCEPTED)));
		}
		assertThat(expected).allSatisfy((count, calls) -> assertThat(count(count)).as("%s", count).isEqualTo(calls));
	}

	private Reception call(FederatedPeer peer) {
		return new JavaCaller().call(knock(), TlsVersion.TLS_1_3, partners().credential(peer));
	}

	private void assertThatAnswered(Reception reception) {
		assertThat(reception.answered()).as(reception.output()).isTrue();
	}

	private void assertThatRefused(HandshakeOutcome outcome, @Nullable String trustDomain, Supplier<Reception> call) {
		Count count = new Count(outcome, trustDomain);
		long before = count(count);
		Reception reception = call.get();
		assertThat(reception.answered()).as(reception.output()).isFalse();
		assertThat(count(count)).as("%s", count).isEqualTo(before + 1);
	}

	private long count(Count count) {
		return application().count(Direction.INBOUND, count.outcome(), count.trustDomain());
	}

	private record Count(HandshakeOutcome outcome, @Nullable String trustDomain) {

	}

}
