package dev.psat.tlstests;

import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.function.Function;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The contract of any client with the bundle {@code spire} whose application federates
 * with {@link Partners}. One application serves all tests, each of which mints new peers.
 */
public abstract class FederatedOutboundContract extends ClientContract {

	private final Partners partners;

	private final boolean anyOfOurs;

	/**
	 * Create a contract.
	 * @param application the application, always the same instance
	 * @param partners the trust domains that the application federates with
	 * @param anyOfOurs whether a client may call every workload of the own trust domain,
	 * so that it only lists workloads of others
	 * @param clients creates a client of a bundle as the application does, with a
	 * separate pool
	 */
	protected FederatedOutboundContract(TlsApplication application, Partners partners, boolean anyOfOurs,
			Function<SslBundle, Call> clients) {
		super(application, clients);
		this.partners = partners;
		this.anyOfOurs = anyOfOurs;
	}

	/**
	 * Start a server to call.
	 * @param credential the credential that it presents
	 * @param version its only TLS version
	 * @param request what it says about the certificates of its clients
	 * @return the server, which uses HTTP/1.1 unless overridden
	 */
	protected PeerServer serve(Credential credential, TlsVersion version, CertificateRequest request) {
		return new HttpPeer(credential, version, request);
	}

	/**
	 * Return whether the connections of the client end with their cause.
	 * @return whether they do, which is so unless overridden, as by a client that nothing
	 * has prepared
	 */
	protected boolean endsConnections() {
		return true;
	}

	@ParameterizedTest
	@EnumSource
	void callsWhomItListsAndItsTrustDomainVouchesForAlone(TlsVersion version) {
		Call client = client(application().bundle());
		assertThatListedServersAloneAreCalled(client, version);
		this.partners.replaceAuthority(application());
		assertThatListedServersAloneAreCalled(client, version);
	}

	@ParameterizedTest
	@EnumSource(Partners.End.class)
	void refusesSessionOfPartnerUntilTrustComesBack(Partners.End end) throws Exception {
		TlsVersion version = (end == Partners.End.ENTRY) ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
		Call client = client(application().bundle());
		try (PeerServer server = serve(FederatedPeer.LISTED, version)) {
			assertThat(client.get(server.closingUri())).isEqualTo("hello");
			this.partners.end(application(), end);
			try {
				assertThatRefused(HandshakeOutcome.UNTRUSTED, null, client, server.closingUri());
			}
			finally {
				this.partners.begin(application());
			}
			assertThat(client.get(server.closingUri())).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@EnumSource(Partners.End.class)
	void endsConnectionToPartnerUntilTrustComesBack(Partners.End end) throws Exception {
		assumeTrue(endsConnections());
		Call client = client(application().bundle());
		try (PeerServer partner = serve(FederatedPeer.LISTED, TlsVersion.TLS_1_3);
				PeerServer own = serve(FederatedPeer.OWN, TlsVersion.TLS_1_3)) {
			assertThat(client.get(partner.uri())).isEqualTo("hello");
			assertThat(client.get(own.uri())).isEqualTo("hello");
			long ended = ended();
			this.partners.end(application(), end);
			try {
				// those that earlier tests have left open may end first
				TlsApplication.patiently().untilAsserted(() -> {
					assertThat(ended()).isGreaterThan(ended);
					assertThatException().isThrownBy(() -> client.get(partner.uri()));
				});
				int requests = partner.requests();
				assertThatException().isThrownBy(() -> client.get(partner.uri()));
				assertThat(partner.requests()).isEqualTo(requests);
				assertThat(client.get(own.uri())).isEqualTo("hello");
			}
			finally {
				this.partners.begin(application());
			}
			// which may wait for a while after it has been refused
			TlsApplication.patiently()
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(client.get(partner.uri())).isEqualTo("hello"));
		}
	}

	private long ended() {
		return application().bundle().connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED);
	}

	/**
	 * A server of another trust domain may well name the authorities of its clients'.
	 */
	@ParameterizedTest
	@EnumSource
	void showsPartnerTheSvidWhateverAuthoritiesItNames(TlsVersion version) throws Exception {
		Credential credential = this.partners.credential(FederatedPeer.LISTED);
		CertificateRequest request = CertificateRequest.REQUIRED.naming(application().world().web().root());
		try (PeerServer server = serve(credential, version, request)) {
			// which may be renewed at this moment, since an earlier test has changed the
			// entry
			BigInteger before = application().serialNumber();
			assertThat(client(application().bundle()).get(server.uri())).isEqualTo("hello");
			assertThat(server.clients()).extracting(X509Certificate::getSerialNumber)
				.singleElement()
				.isIn(before, application().serialNumber());
		}
	}

	@Test
	void policyThatNamesNoTrustDomainCallsNoPartner() throws Exception {
		Call client = client(application().bundle().authorizing((peer) -> true));
		try (PeerServer own = serve(FederatedPeer.OWN_STRANGER, TlsVersion.TLS_1_3)) {
			assertThat(client.get(own.uri())).isEqualTo("hello");
		}
		for (FederatedPeer peer : new FederatedPeer[] { FederatedPeer.LISTED, FederatedPeer.NAMESAKE }) {
			try (PeerServer server = serve(peer, TlsVersion.TLS_1_3)) {
				assertThatRefused(HandshakeOutcome.UNAUTHORIZED, Partners.TRUST_DOMAIN, client, server.uri());
			}
		}
	}

	@Test
	void policyForThePartnerCallsNobodyElse() throws Exception {
		Call client = client(application().bundle().authorizing(TrustDomain.of(Partners.TRUST_DOMAIN), (peer) -> true));
		try (PeerServer server = serve(FederatedPeer.STRANGER, TlsVersion.TLS_1_3)) {
			assertThat(client.get(server.uri())).isEqualTo("hello");
		}
		try (PeerServer agent = serve(FederatedPeer.AGENT, TlsVersion.TLS_1_3)) {
			assertThatRefused(HandshakeOutcome.UNAUTHORIZED, Partners.TRUST_DOMAIN, client, agent.uri());
		}
		try (PeerServer own = serve(FederatedPeer.OWN, TlsVersion.TLS_1_3)) {
			assertThatRefused(HandshakeOutcome.UNAUTHORIZED, "example.org", client, own.uri());
		}
	}

	@Test
	void refusalTellsWhyTheTrustDomainIsNotTrusted() {
		Call client = client(application().bundle());
		try (PeerServer notFederated = serve(FederatedPeer.NOT_FEDERATED, TlsVersion.TLS_1_3);
				PeerServer notConfigured = serve(FederatedPeer.NOT_CONFIGURED, TlsVersion.TLS_1_3)) {
			assertThatException().isThrownBy(() -> client.get(notFederated.uri()))
				.withStackTraceContaining(
						"The registration entry of this application does not federate with 'fourth.org'");
			assertThatException().isThrownBy(() -> client.get(notConfigured.uri()))
				.withStackTraceContaining("This application does not federate with 'third.org'");
		}
	}

	private void assertThatListedServersAloneAreCalled(Call client, TlsVersion version) {
		SoftAssertions.assertSoftly((softly) -> {
			for (FederatedPeer peer : FederatedPeer.values()) {
				HandshakeOutcome outcome = peer.outcome(this.anyOfOurs);
				long before = count(outcome, peer.vouchedForBy());
				try (PeerServer server = serve(peer, version)) {
					String answer = OutboundContract.answer(client, server.uri());
					softly.assertThat(answer.equals("hello"))
						.as("%s: %s", peer, answer)
						.isEqualTo(outcome == HandshakeOutcome.ACCEPTED);
					softly.assertThat(count(outcome, peer.vouchedForBy()))
						.as("%s is %s: %s", peer, outcome, answer)
						.isGreaterThan(before);
				}
			}
		});
	}

	private void assertThatRefused(HandshakeOutcome outcome, @Nullable String trustDomain, Call client, URI uri) {
		long before = count(outcome, trustDomain);
		assertThatException().isThrownBy(() -> client.get(uri));
		assertThat(count(outcome, trustDomain)).isGreaterThan(before);
	}

	private PeerServer serve(FederatedPeer peer, TlsVersion version) {
		return serve(this.partners.credential(peer), version, CertificateRequest.REQUIRED);
	}

	private long count(HandshakeOutcome outcome, @Nullable String trustDomain) {
		return application().count(Direction.OUTBOUND, outcome, trustDomain);
	}

}
