package dev.psat.tlstests;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of any server with the bundle {@code spire} whose application federates
 * with {@link Partners}. One application serves all tests, each of which mints new peers.
 */
public abstract class FederatedInboundContract {

	private final TlsApplication application;

	private final Partners partners;

	private final boolean anyOfOurs;

	private final Knock knock;

	private final Knock policedKnock;

	/**
	 * Create a contract.
	 * @param application the application, always the same instance
	 * @param partners the trust domains that the application federates with
	 * @param anyOfOurs whether the server lets in every workload of the own trust domain,
	 * so that it only lists workloads of others
	 * @param knock how to reach the server with the bundle
	 * @param policedKnock how to reach another server, which has the bundle with the
	 * application's {@link Policy} bean
	 */
	protected FederatedInboundContract(TlsApplication application, Partners partners, boolean anyOfOurs, Knock knock,
			Knock policedKnock) {
		this.application = application;
		this.partners = partners;
		this.anyOfOurs = anyOfOurs;
		this.knock = knock;
		this.policedKnock = policedKnock;
	}

	/**
	 * Connect to the server with the bundle.
	 * @param credential the credential to present
	 * @return the client
	 */
	protected KeptClient client(Credential credential) {
		return new JdkKeptClient(this.knock.port(), credential, TlsVersion.TLS_1_3, false);
	}

	@ParameterizedTest
	@EnumSource
	void letsInWhomItListsAndItsTrustDomainVouchesForAlone(TlsVersion version) {
		assertThatListedClientsAloneAreLetIn(version);
		this.partners.replaceAuthority(this.application);
		assertThatListedClientsAloneAreLetIn(version);
	}

	@ParameterizedTest
	@EnumSource(Partners.End.class)
	void refusesSessionOfPartnerUntilTrustComesBack(Partners.End end) {
		TlsVersion version = (end == Partners.End.ENTRY) ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
		Credential credential = this.partners.credential(FederatedPeer.LISTED);
		JavaCaller.Resumable java = new JavaCaller().resumable(this.knock, version, credential);
		OpenSslCaller.Resumable openssl = new OpenSslCaller(this.application.world().directory()).resumable(this.knock,
				version, credential);
		assertThatAnswered(java.call());
		assertThatAnswered(openssl.call());
		this.partners.end(this.application, end);
		try {
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, java::call);
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, openssl::call);
			assertThatAnswered(call(FederatedPeer.OWN));
		}
		finally {
			this.partners.begin(this.application);
		}
		assertThatAnswered(java.call());
		assertThatAnswered(openssl.call());
	}

	@ParameterizedTest
	@EnumSource(Partners.End.class)
	void endsConnectionOfPartnerUntilTrustComesBack(Partners.End end) throws Exception {
		try (KeptClient partner = client(this.partners.credential(FederatedPeer.LISTED));
				KeptClient own = client(this.partners.credential(FederatedPeer.OWN))) {
			assertThat(partner.call()).isEqualTo("hello");
			assertThat(own.call()).isEqualTo("hello");
			long ended = this.application.ended(EndCause.UNTRUSTED);
			long accepted = count(new Count(HandshakeOutcome.ACCEPTED, "example.org"));
			this.partners.end(this.application, end);
			try {
				TlsApplication.patiently().untilAsserted(() -> {
					assertThat(this.application.ended(EndCause.UNTRUSTED)).isGreaterThan(ended);
					assertThat(this.application.open(Partners.LISTED)).isZero();
				});
				assertThatException().isThrownBy(partner::call);
				assertThat(own.call()).isEqualTo("hello");
			}
			finally {
				this.partners.begin(this.application);
			}
			// which may wait for a while after it has been refused
			TlsApplication.patiently()
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(partner.call()).isEqualTo("hello"));
			assertThat(count(new Count(HandshakeOutcome.ACCEPTED, "example.org"))).isEqualTo(accepted);
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesPartnerWhoseTrustEndsDuringItsHandshake(TlsVersion version) {
		Credential credential = this.partners.credential(FederatedPeer.LISTED);
		try {
			assertThatRefused(HandshakeOutcome.UNTRUSTED, null, () -> new JavaCaller().callWithPause(this.knock,
					version, credential, () -> this.partners.end(this.application, Partners.End.DELETED)));
		}
		finally {
			this.partners.begin(this.application);
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusesPartnerWhoseAuthorityIsRevokedDuringItsHandshake(TlsVersion version) {
		Credential credential = this.partners.credential(FederatedPeer.LISTED);
		assertThatRefused(HandshakeOutcome.UNTRUSTED, null, () -> new JavaCaller().callWithPause(this.knock, version,
				credential, () -> this.partners.replaceAuthority(this.application)));
	}

	/**
	 * It may look at the path alone.
	 */
	@ParameterizedTest
	@EnumSource
	void policyThatNamesNoTrustDomainLetsInNoPartner(TlsVersion version) {
		Policy policy = this.application.bean(Policy.class);
		policy.widen(true);
		try {
			for (FederatedPeer peer : List.of(FederatedPeer.LISTED, FederatedPeer.NAMESAKE, FederatedPeer.AGENT)) {
				assertThatRefused(HandshakeOutcome.UNAUTHORIZED, Partners.TRUST_DOMAIN,
						() -> new JavaCaller().call(this.policedKnock, version, this.partners.credential(peer)));
			}
			assertThatAnswered(new JavaCaller().call(this.policedKnock, version,
					this.partners.credential(FederatedPeer.OWN_STRANGER)));
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
			credentials.put(peer, this.partners.credential(peer));
			Count count = new Count(peer.outcome(this.anyOfOurs), peer.vouchedForBy());
			expected.merge(count, (long) Client.values().length, Long::sum);
		}
		expected.replaceAll((count, calls) -> calls + count(count));
		for (Client client : Client.values()) {
			Caller caller = client.caller(this.application.world().directory());
			Map<FederatedPeer, Reception> receptions = credentials.entrySet()
				.parallelStream()
				.collect(Collectors.toMap(Map.Entry::getKey,
						(peer) -> caller.call(this.knock, version, peer.getValue())));
			SoftAssertions.assertSoftly(
					(softly) -> receptions.forEach((peer, reception) -> softly.assertThat(reception.answered())
						.as("%s with %s: %s", peer, client, reception.output())
						.isEqualTo(peer.outcome(this.anyOfOurs) == HandshakeOutcome.ACCEPTED)));
		}
		assertThat(expected).allSatisfy((count, calls) -> assertThat(count(count)).as("%s", count).isEqualTo(calls));
	}

	private Reception call(FederatedPeer peer) {
		return new JavaCaller().call(this.knock, TlsVersion.TLS_1_3, this.partners.credential(peer));
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
		return this.application.count(Direction.INBOUND, count.outcome(), count.trustDomain());
	}

	private record Count(HandshakeOutcome outcome, @Nullable String trustDomain) {

	}

}
