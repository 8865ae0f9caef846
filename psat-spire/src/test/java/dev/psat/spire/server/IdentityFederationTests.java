package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.spire.tls.TlsIdentity;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An identity that federates with two other trust domains.
 */
class IdentityFederationTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private static final TrustDomain BUYER = TrustDomain.of("buyer.org");

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	private SimulatedSpireServer server;

	private SimulatedSpireServer partner;

	private SimulatedSpireServer buyer;

	private String entry;

	@BeforeEach
	void federate() {
		this.partner = SimulatedSpireServer.builder().trustDomain(PARTNER.name()).build();
		this.buyer = SimulatedSpireServer.builder().trustDomain(BUYER.name()).build();
		this.server = this.fixture.serve(this.fixture.workload());
		this.server.federation().set(this.partner);
		this.server.federation().set(this.buyer);
		this.entry = this.server.register(this.fixture.pod(), "demo");
		this.server.entries().change(this.entry, (entry) -> entry.federatesWith(PARTNER.name(), BUYER.name()));
	}

	@AfterEach
	void close() {
		this.partner.close();
		this.buyer.close();
	}

	@Test
	void bundlesAreKeptByTrustDomainAndThereWithTheFirstSvid() throws IOException {
		SpireIdentity identity = this.fixture.build(builder());
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.trustBundle(PARTNER))
			.withMessage("The trust bundle of 'partner.org' has not been provided yet");
		TlsIdentity tls = (TlsIdentity) identity;
		identity.start();
		this.fixture.await().until(() -> tls.snapshot().svid() != null);
		assertThat(identity.trustBundle(PARTNER).x509Authorities()).isEqualTo(authorities(this.partner, PARTNER));
		assertThat(tls.bundle(BUYER)).isEqualTo(identity.trustBundle(BUYER));
		assertThat(tls.bundle(TrustDomain.of("example.org"))).isEqualTo(identity.trustBundle())
			.isEqualTo(identity.trustBundle(TrustDomain.of("example.org")));
		assertThat(tls.bundle(TrustDomain.of("third.org"))).isNull();
		assertThatExceptionOfType(SvidUnavailableException.class)
			.isThrownBy(() -> identity.trustBundle(TrustDomain.of("third.org")))
			.withMessage("This application does not federate with 'third.org'");
		assertThat(identity.status().federation()).satisfiesExactly((first) -> {
			assertThat(first.trustDomain()).isEqualTo(PARTNER);
			assertThat(first.state()).isEqualTo(FederationState.TRUSTED);
			assertThat(first.x509AuthorityCount()).isEqualTo(1);
			assertThat(first.jwtAuthorityCount()).isEqualTo(1);
			assertThat(first.refreshedAt()).isNotNull();
			assertThat(first.lastError()).isNull();
		}, (second) -> assertThat(second.trustDomain()).isEqualTo(BUYER));
	}

	private static List<?> authorities(SimulatedSpireServer server, TrustDomain trustDomain) {
		return TrustBundle.parse(trustDomain, server.trustBundle().toPem().getBytes()).x509Authorities();
	}

	@Test
	void eachVisitAsksOnceForEachOfThem() throws IOException {
		this.fixture.ready(builder());
		this.fixture.awaitVisits(5);
		this.fixture.identity().stop();
		assertThat(this.server.journal().federatedBundles()).hasSizeBetween(2 * 6, 2 * bundles())
			.containsOnly("partner.org", "buyer.org");
		int asked = this.server.journal().federatedBundles().size();
		assertThat(asked).isBetween(2 * (bundles() - 2), 2 * bundles());
	}

	private int bundles() {
		return this.fixture.calls(SpireMethod.GET_BUNDLE);
	}

	@Test
	void nobodyIsAskedForWhoIsNotConfigured() throws IOException {
		this.fixture.ready(this.fixture.builder().federatesWith(List.of(BUYER)));
		this.fixture.awaitVisits(2);
		assertThat(this.server.journal().federatedBundles()).containsOnly("buyer.org");
		assertThat(((TlsIdentity) this.fixture.identity()).bundle(PARTNER)).isNull();
	}

	@Test
	void oneThatHangsUnsettlesNobodyElse() throws IOException {
		this.server.faults().federatedBundle(PARTNER.name()).hang();
		SpireIdentity identity = this.fixture.start(builder());
		// a call that waited for its timeout would take 20
		this.fixture.await().until(() -> identity.status().state() == SpireState.READY);
		this.fixture.await().until(() -> state(BUYER) == FederationState.TRUSTED);
		assertThat(state(PARTNER)).isEqualTo(FederationState.UNKNOWN);
		assertThat(identity.status().lastError()).isNull();
		this.fixture.await().until(() -> federation(PARTNER).lastError() != null);
		this.server.faults().federatedBundle(PARTNER.name()).resume();
		this.fixture.await().until(() -> state(PARTNER) == FederationState.TRUSTED);
		assertThat(this.fixture.states()).doesNotContain(SpireState.RENEWAL_FAILING);
	}

	@Test
	void oneThatFailsKeepsItsTrustAndUnsettlesNobodyElse() throws IOException {
		SpireIdentity identity = this.fixture.ready(builder());
		this.server.faults().federatedBundle(PARTNER.name()).fail(Status.INTERNAL.withDescription("on purpose"));
		this.fixture.await().until(() -> federation(PARTNER).lastError() != null);
		this.fixture.time().pass(Duration.ofMinutes(31));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(identity.trustBundle(PARTNER)).isNotNull();
		assertThat(state(BUYER)).isEqualTo(FederationState.TRUSTED);
		assertThat(identity.status().lastError()).isNull();
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
	}

	@Test
	void answerForAnotherTrustDomainIsNoAnswer() throws IOException {
		SpireIdentity identity = this.fixture.ready(builder());
		TrustBundle before = identity.trustBundle(PARTNER);
		this.server.faults().federatedBundle(PARTNER.name()).answer(FederatedBundle.of(this.buyer));
		this.fixture.await().until(() -> federation(PARTNER).lastError() != null);
		assertThat(federation(PARTNER).lastError()).isNotNull()
			.satisfies((error) -> assertThat(error.reason()).isEqualTo("INVALID_TRUST_BUNDLE"));
		assertThat(identity.trustBundle(PARTNER).x509Authorities()).isEqualTo(before.x509Authorities());
	}

	@Test
	void authoritiesThatCannotBeReadAreLeftOutOneByOne() throws IOException {
		FederatedBundle bundle = FederatedBundle.of(this.partner);
		this.server.federation()
			.set(bundle.withX509Authority(new byte[] { 1, 2, 3 }).withJwtAuthority("odd", new byte[] { 4, 5, 6 }));
		this.fixture.ready(builder());
		assertThat(state(PARTNER)).isEqualTo(FederationState.TRUSTED);
		assertThat(federation(PARTNER).x509AuthorityCount()).isEqualTo(1);
		assertThat(federation(PARTNER).jwtAuthorityCount()).isEqualTo(1);
	}

	@Test
	void trustEndsAndComesBackWithoutARestart() throws IOException {
		this.fixture.ready(builder());
		this.server.federation().set(FederatedBundle.empty(PARTNER.name()));
		this.fixture.await().until(() -> state(PARTNER) == FederationState.EMPTY);
		this.server.federation().set(this.partner);
		this.fixture.await().until(() -> state(PARTNER) == FederationState.TRUSTED);
		this.server.entries().change(this.entry, (entry) -> entry.federatesWith(BUYER.name()));
		this.fixture.await().until(() -> state(PARTNER) == FederationState.NOT_FEDERATED);
		assertThat(state(BUYER)).isEqualTo(FederationState.TRUSTED);
		this.server.entries().change(this.entry, (entry) -> entry.federatesWith(PARTNER.name(), BUYER.name()));
		this.fixture.await().until(() -> state(PARTNER) == FederationState.TRUSTED);
	}

	@Test
	void trustEndsWhileTheEntriesCannotBeListed() throws IOException {
		this.fixture.ready(builder());
		this.server.faults()
			.failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.INTERNAL.withDescription("failed to fetch entries"));
		this.server.federation().set(FederatedBundle.empty(PARTNER.name()));
		this.fixture.await().until(() -> state(PARTNER) == FederationState.EMPTY);
		assertThat(state(BUYER)).isEqualTo(FederationState.TRUSTED);
	}

	@Test
	void trustEndsWhileTheEntryIsNotListed() throws IOException {
		this.fixture.ready(builder());
		this.server.entries().delete(this.entry);
		this.fixture.await().until(() -> Objects.equals(this.fixture.status().candidates(), 0));
		assertThat(state(PARTNER)).isEqualTo(FederationState.TRUSTED);
		this.server.federation().set(FederatedBundle.empty(PARTNER.name()));
		// meanwhile, visits for the entry alone do not refresh any trust bundle
		this.fixture.time().pass(Duration.ofMinutes(1));
		this.fixture.await().until(() -> state(PARTNER) == FederationState.EMPTY);
	}

	@Test
	void trustLastsAsLongAsTheSvidWithoutAServer() throws IOException {
		SpireIdentity identity = this.fixture.ready(builder());
		TlsIdentity tls = (TlsIdentity) identity;
		this.server.stop();
		this.fixture.time().pass(Duration.ofMinutes(40));
		assertThat(tls.bundle(PARTNER)).isNotNull();
		this.fixture.time().pass(Duration.ofMinutes(30));
		assertThat(tls.bundle(PARTNER)).isNull();
		assertThat(tls.absence(PARTNER))
			.isEqualTo("No X.509-SVID is in force, without which 'partner.org' is not trusted");
		assertThat(state(PARTNER)).isEqualTo(FederationState.UNKNOWN);
		assertThat(federation(PARTNER).x509AuthorityCount()).isZero();
		assertThat(identity.trustBundle()).isNotNull();
		this.server.restart();
		this.fixture.await().until(() -> tls.bundle(PARTNER) != null);
	}

	@Test
	void evictedAgentAttestsAgainOnceTrustIsUnconfirmedForTenMinutes() throws IOException {
		this.fixture.ready(builder());
		this.server.agents().evict(this.fixture.agentId());
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		this.fixture.time().pass(Duration.ofMinutes(10));
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		this.fixture.await().until(() -> this.fixture.identity().status().lastError() == null);
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@Test
	void bannedAgentTrustsAsLongAsItsSvidIsInForce() throws IOException {
		this.fixture.ready(builder());
		TlsIdentity tls = (TlsIdentity) this.fixture.identity();
		this.server.agents().ban(this.fixture.agentId());
		this.fixture.awaitState(SpireState.BANNED);
		assertThat(tls.bundle(PARTNER)).isNotNull();
		this.fixture.time().pass(Duration.ofMinutes(61));
		assertThat(tls.bundle(PARTNER)).isNull();
	}

	@Test
	void liveAgentNeverAttestsAgainForUnconfirmedTrust() throws IOException {
		this.fixture.ready(builder());
		this.server.faults().federatedBundle(PARTNER.name()).fail(Status.INTERNAL.withDescription("on purpose"));
		this.fixture.time().pass(Duration.ofMinutes(11));
		this.fixture.awaitVisits(4);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@Test
	void trustThatEndedWithTheSvidComesBackWithAnAnswerAlone() throws IOException {
		SpireIdentity identity = this.fixture.ready(builder());
		TlsIdentity tls = (TlsIdentity) identity;
		this.server.stop();
		this.fixture.time().pass(Duration.ofMinutes(70));
		this.fixture.awaitState(SpireState.EXPIRED);
		this.server.faults().federatedBundle(PARTNER.name()).fail(Status.INTERNAL.withDescription("on purpose"));
		this.server.restart();
		this.fixture.awaitState(SpireState.READY);
		assertThat(tls.bundle(PARTNER)).isNull();
		assertThat(state(PARTNER)).isEqualTo(FederationState.UNKNOWN);
		assertThat(tls.bundle(BUYER)).isNotNull();
		this.server.faults().federatedBundle(PARTNER.name()).fail(null);
		this.fixture.await().until(() -> tls.bundle(PARTNER) != null);
	}

	@Test
	void trustThatEndedWithTheSvidDuringAStopComesBackWithAnAnswerAlone() throws IOException {
		SpireIdentity identity = this.fixture.ready(builder());
		identity.stop();
		this.fixture.time().pass(Duration.ofMinutes(70));
		this.server.faults().federatedBundle(PARTNER.name()).fail(Status.INTERNAL.withDescription("on purpose"));
		identity.start();
		this.fixture.awaitState(SpireState.READY);
		assertThat(((TlsIdentity) identity).bundle(PARTNER)).isNull();
		assertThat(state(BUYER)).isEqualTo(FederationState.TRUSTED);
	}

	@Test
	void listenerSeesEachChangeOfTrustOnce() throws IOException {
		TlsIdentity tls = (TlsIdentity) this.fixture.ready(builder());
		List<Boolean> seen = new CopyOnWriteArrayList<>();
		tls.onChange(() -> seen.add(tls.bundle(PARTNER) != null));
		this.fixture.await().until(() -> seen.size() == 1);
		this.server.federation().set(FederatedBundle.empty(PARTNER.name()));
		this.fixture.await().until(() -> seen.size() == 2);
		this.server.federation().set(this.partner);
		this.fixture.await().until(() -> seen.size() == 3);
		this.fixture.awaitVisits(5);
		assertThat(seen).containsExactly(true, false, true);
	}

	@Test
	void stopDoesNotWaitForOneThatHangs() throws IOException {
		this.server.faults().federatedBundle(PARTNER.name()).hang();
		SpireIdentity identity = this.fixture.start(builder());
		Awaitility.await().until(() -> this.fixture.calls(SpireMethod.GET_FEDERATED_BUNDLE) > 0);
		identity.stop();
		// which a call has after its timeout
		assertThat(federation(PARTNER).lastError()).isNull();
	}

	private SpireIdentityBuilder builder() {
		return this.fixture.builder().federatesWith(List.of(PARTNER, BUYER));
	}

	private FederationState state(TrustDomain trustDomain) {
		return federation(trustDomain).state();
	}

	private SpireStatus.Federation federation(TrustDomain trustDomain) {
		return this.fixture.status()
			.federation()
			.stream()
			.filter((federation) -> federation.trustDomain().equals(trustDomain))
			.findFirst()
			.orElseThrow();
	}

}
