package dev.psat.spire.workload.client;

import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.support.Patience;
import dev.psat.support.agent.AgentUnderTest;
import dev.psat.support.agent.EntryOptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a client can expect from a Workload API, whether simulated or that of a real SPIRE
 * Agent. What lasts is done last, so the order matters.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WorkloadApiContract {

	private static final TrustDomain OWN = TrustDomain.of(AgentUnderTest.TRUST_DOMAIN);

	private static final TrustDomain PARTNER = TrustDomain.of(AgentUnderTest.PARTNER);

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String BILLING = "spiffe://example.org/billing";

	private static final Duration TIMEOUT = Patience.LIMIT;

	private AgentUnderTest agent;

	private WorkloadClient client;

	/**
	 * Start an agent without entries.
	 */
	abstract AgentUnderTest start();

	@BeforeAll
	void startAgent() {
		this.agent = start();
	}

	@BeforeEach
	void openClient() {
		this.client = client(Duration.ofSeconds(20));
	}

	@AfterEach
	void close() {
		this.client.close();
		this.agent.clear();
		try (WorkloadClient other = client(Duration.ofSeconds(20))) {
			within().untilAsserted(() -> assertFails(() -> first(other), WorkloadFailureReason.NO_IDENTITY));
		}
	}

	@AfterAll
	void stopAgent() {
		if (this.agent != null) {
			this.agent.close();
		}
	}

	@Test
	@Order(1)
	void withoutAnEntryThereIsNoIdentityUntilThereIsOne() {
		assertFails(() -> first(this.client), WorkloadFailureReason.NO_IDENTITY);
		assertFails(() -> this.client.jwtSvids(List.of("orders"), null, TIMEOUT), WorkloadFailureReason.NO_IDENTITY);
		assertFails(() -> this.client.followX509Bundles((bundles) -> {
		}), WorkloadFailureReason.NO_IDENTITY);
		assertFails(() -> this.client.followJwtAuthorities((bundles) -> {
		}), WorkloadFailureReason.NO_IDENTITY);
		this.agent.add(ORDERS, EntryOptions.NONE);
		WorkloadX509Svid svid = awaitFirst(ids(ORDERS)).svids().get(0);
		assertThat(svid.svid().issuedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(30));
		assertThat(svid.svid().hint()).isNull();
		assertThat(svid.trustBundle().trustDomain()).isEqualTo(OWN);
		assertThat(svid.svid().chainsToUntainted(svid.trustBundle(), Instant.now())).isTrue();
		assertThat(first(this.client).federatedBundles()).isEmpty();
		assertThat(leaf(first(this.client))).isEqualTo(svid.svid().leaf());
	}

	@Test
	@Order(2)
	void entryOfAnotherUserIsNotForUs() {
		this.agent.addForAnotherUser(BILLING);
		this.agent.add(ORDERS, EntryOptions.NONE);
		assertThat(ids(awaitFirst((update) -> true))).containsExactly(ORDERS);
	}

	@Test
	@Order(2)
	void bundlesComeWithoutSvids() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		TrustBundle bundle = awaitFirst(ids(ORDERS)).svids().get(0).trustBundle();
		try (Following<Map<TrustDomain, TrustBundle>> bundles = new Following<>(this.client::followX509Bundles);
				Following<Map<TrustDomain, TrustBundle>> authorities = new Following<>(
						this.client::followJwtAuthorities)) {
			assertThat(bundles.next()).containsOnlyKeys(OWN)
				.satisfies((all) -> assertThat(bundle(all, OWN).x509Authorities()).isEqualTo(bundle.x509Authorities()));
			assertThat(authorities.next()).containsOnlyKeys(OWN)
				.satisfies((all) -> assertThat(bundle(all, OWN).jwtAuthorities()).isNotEmpty());
		}
	}

	@Test
	@Order(2)
	void jwtSvidIsForItsAudiencesAndIsValidated() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		this.agent.add(BILLING, EntryOptions.NONE.withHint("bills"));
		awaitFirst(ids(ORDERS, BILLING));
		SpiffeId billing = SpiffeId.parse(BILLING);
		assertThat(this.client.jwtSvids(List.of("orders"), null, TIMEOUT)).hasSize(2);
		List<WorkloadJwtSvid> svids = this.client.jwtSvids(List.of("orders", "stock"), billing, TIMEOUT);
		assertThat(svids).singleElement().satisfies((svid) -> {
			assertThat(svid.svid().spiffeId()).isEqualTo(billing);
			assertThat(svid.svid().audience()).containsExactly("orders", "stock");
			assertThat(svid.svid().expiresAt()).isAfter(Instant.now());
			assertThat(svid.svid().hint()).isEqualTo("bills");
		});
		String token = svids.get(0).svid().token();
		assertThat(this.client.validate(token, "stock", TIMEOUT)).isEqualTo(billing);
		assertFails(() -> this.client.validate(token, "other", TIMEOUT), WorkloadFailureReason.INVALID_REQUEST);
		assertFails(() -> this.client.validate("garbage", "stock", TIMEOUT), WorkloadFailureReason.INVALID_REQUEST);
		assertFails(() -> this.client.jwtSvids(List.of(), null, TIMEOUT), WorkloadFailureReason.INVALID_REQUEST);
		assertFails(
				() -> this.client.jwtSvids(List.of("orders"), SpiffeId.parse("spiffe://example.org/other"), TIMEOUT),
				WorkloadFailureReason.NO_IDENTITY);
	}

	@Test
	@Order(3)
	void rotationIsTold() {
		this.agent.add(ORDERS, EntryOptions.NONE.withX509SvidTtl(Duration.ofSeconds(20)));
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509)) {
			WorkloadX509Update before = following.next();
			this.agent.rotate();
			WorkloadX509Update next = following.until((update) -> !leaf(update).equals(leaf(before)));
			assertThat(ids(next)).containsExactly(ORDERS);
			assertThat(next.svids().get(0).svid().expiresAt())
				.isAfterOrEqualTo(before.svids().get(0).svid().expiresAt());
			assertThat(next.svids().get(0).trustBundle()).isEqualTo(before.svids().get(0).trustBundle());
		}
	}

	@Test
	@Order(3)
	void exchangedEntryEndsTheStreamAndTheNextOneHasTheOther() {
		String entry = this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509)) {
			following.next();
			this.agent.exchange(entry, BILLING);
			following.fails(WorkloadFailureReason.NO_IDENTITY);
		}
		awaitFirst(ids(BILLING));
	}

	@Test
	@Order(3)
	void deletedEntriesAreRedacted() {
		String orders = this.agent.add(ORDERS, EntryOptions.NONE.withHint("orders"));
		String billing = this.agent.add(BILLING, EntryOptions.NONE.withHint("bills"));
		assertThat(awaitFirst(ids(ORDERS, BILLING)).svids()).extracting((svid) -> svid.svid().hint())
			.containsExactlyInAnyOrder("orders", "bills");
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509);
				Following<Map<TrustDomain, TrustBundle>> bundles = new Following<>(this.client::followX509Bundles);
				Following<Map<TrustDomain, TrustBundle>> authorities = new Following<>(
						this.client::followJwtAuthorities)) {
			following.until(ids(ORDERS, BILLING));
			this.agent.delete(billing);
			following.until(ids(ORDERS));
			this.agent.delete(orders);
			following.fails(WorkloadFailureReason.NO_IDENTITY);
			bundles.fails(WorkloadFailureReason.NO_IDENTITY);
			authorities.fails(WorkloadFailureReason.NO_IDENTITY);
		}
	}

	@Test
	@Order(3)
	void oneOfEqualHintsIsHandedOut() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		this.agent.add(BILLING, EntryOptions.NONE.withHint("same"));
		this.agent.add(BILLING + "/other", EntryOptions.NONE.withHint("same"));
		// the agent may learn of them one after the other
		within().ignoreExceptionsInstanceOf(WorkloadException.class)
			.pollInterval(Duration.ofMillis(200))
			.during(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(first(this.client).svids()).extracting((svid) -> svid.svid().hint())
				.containsExactlyInAnyOrder(null, "same"));
	}

	@Test
	@Order(4)
	void federatedBundleComesAndGoesWithTheStream() {
		this.agent.add(ORDERS, EntryOptions.NONE.federating());
		TrustBundle partner = bundle(awaitFirst((update) -> !update.federatedBundles().isEmpty()).federatedBundles(),
				PARTNER);
		assertThat(partner.x509Authorities()).isNotEmpty();
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509);
				Following<Map<TrustDomain, TrustBundle>> bundles = new Following<>(this.client::followX509Bundles);
				Following<Map<TrustDomain, TrustBundle>> authorities = new Following<>(
						this.client::followJwtAuthorities)) {
			assertThat(following.next().federatedBundles()).containsOnlyKeys(PARTNER);
			assertThat(bundles.next()).containsOnlyKeys(OWN, PARTNER).containsEntry(PARTNER, partner);
			assertThat(authorities.next()).containsOnlyKeys(OWN, PARTNER)
				.satisfies((all) -> assertThat(bundle(all, PARTNER).jwtAuthorities()).isNotEmpty());
			this.agent.endFederation();
			following.until((update) -> update.federatedBundles().isEmpty());
			bundles.until((all) -> all.keySet().equals(Set.of(OWN)));
			authorities.until((all) -> all.keySet().equals(Set.of(OWN)));
		}
	}

	@Test
	@Order(5)
	void agentThatStandsStillIsWaitedForNoLongerThanItMay() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509);
				WorkloadClient impatient = client(Duration.ofMillis(500))) {
			following.next();
			this.agent.suspend();
			try {
				assertFails(() -> first(impatient), WorkloadFailureReason.TIMED_OUT);
				assertFails(() -> impatient.jwtSvids(List.of("orders"), null, Duration.ofMillis(500)),
						WorkloadFailureReason.TIMED_OUT);
				assertThat(following.isOpen()).isTrue();
			}
			finally {
				this.agent.resume();
			}
			awaitFirst(ids(ORDERS));
		}
	}

	@Test
	@Order(5)
	void stoppedAgentEndsItsStreamsAndComesBack() throws IOException {
		this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509)) {
			following.next();
			this.agent.stop();
			following.ends();
			assertFails(() -> first(this.client), WorkloadFailureReason.SOCKET_MISSING);
			Files.delete(this.agent.socket().getParent());
			assertFails(() -> first(this.client), WorkloadFailureReason.DIRECTORY_MISSING);
		}
		finally {
			this.agent.start();
		}
		awaitFirst(ids(ORDERS));
	}

	@Test
	@Order(5)
	void killedAgentLeavesASocketBehindAndMakesAnotherOne() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509)) {
			following.next();
			this.agent.kill();
			following.ends();
			assertFails(() -> first(this.client), WorkloadFailureReason.NOBODY_LISTENS);
		}
		finally {
			this.agent.start();
		}
		awaitFirst(ids(ORDERS));
	}

	@Test
	@Order(6)
	void rotationOfTheAuthorityReachesBundleAndSvid() {
		this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		try (Following<WorkloadX509Update> following = new Following<>(this.client::followX509)) {
			WorkloadX509Update before = following.next();
			X509Authority old = authorities(before).get(0);
			this.agent.prepareAuthority();
			WorkloadX509Update prepared = following.until((update) -> authorities(update).size() == 2);
			assertThat(leaf(prepared)).isEqualTo(leaf(before));
			this.agent.activateAuthorityAndTaint();
			WorkloadX509Update tainted = following.until((update) -> !leaf(update).equals(leaf(before)));
			assertThat(authorities(tainted)).hasSize(2).contains(old);
			this.agent.revokeAuthority();
			WorkloadX509Update revoked = following.until((update) -> authorities(update).size() == 1);
			assertThat(authorities(revoked)).doesNotContain(old);
			assertThat(leaf(revoked)).isEqualTo(leaf(tainted));
		}
	}

	@Test
	@Order(7)
	void rsaKeysAreKeysAsWell() {
		this.agent.useRsaKeys();
		this.agent.add(ORDERS, EntryOptions.NONE);
		WorkloadX509Svid svid = awaitFirst(ids(ORDERS)).svids().get(0);
		assertThat(svid.privateKey().getAlgorithm()).isEqualTo("RSA");
		assertThat(svid.svid().leaf().getPublicKey().getAlgorithm()).isEqualTo("RSA");
	}

	@Test
	@Order(8)
	void withoutJwtSvidsThereAreStillOthers() {
		this.agent.endJwtSvids();
		this.agent.add(ORDERS, EntryOptions.NONE);
		awaitFirst(ids(ORDERS));
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.client.jwtSvids(List.of("orders"), null, TIMEOUT))
			.satisfies((ex) -> assertThat(ex.reason()).isIn(WorkloadFailureReason.UNAVAILABLE,
					WorkloadFailureReason.UNIMPLEMENTED));
	}

	private WorkloadClient client(Duration startTimeout) {
		return WorkloadClient.builder(WorkloadEndpoint.parse("unix://" + this.agent.socket()))
			.userAgent("psat-spring-boot/contract")
			.startTimeout(startTimeout)
			.build();
	}

	private WorkloadX509Update awaitFirst(Predicate<WorkloadX509Update> condition) {
		return within().ignoreExceptionsInstanceOf(WorkloadException.class).until(() -> first(this.client), condition);
	}

	/**
	 * Wait for what the agent does at its next synchronization.
	 */
	private static ConditionFactory within() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100));
	}

	private static WorkloadX509Update first(WorkloadClient client) {
		try (Following<WorkloadX509Update> following = new Following<>(client::followX509)) {
			return following.next();
		}
	}

	private static Predicate<WorkloadX509Update> ids(String... ids) {
		return (update) -> Set.copyOf(ids(update)).equals(Set.of(ids)) && update.svids().size() == ids.length;
	}

	private static Collection<String> ids(WorkloadX509Update update) {
		return update.svids().stream().map((svid) -> svid.svid().spiffeId().toString()).toList();
	}

	private static TrustBundle bundle(Map<TrustDomain, TrustBundle> bundles, TrustDomain trustDomain) {
		return Objects.requireNonNull(bundles.get(trustDomain), trustDomain::toString);
	}

	private static X509Certificate leaf(WorkloadX509Update update) {
		return update.svids().get(0).svid().leaf();
	}

	private static List<X509Authority> authorities(WorkloadX509Update update) {
		return update.svids().get(0).trustBundle().x509Authorities();
	}

	private static void assertFails(ThrowingCallable call, WorkloadFailureReason reason) {
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.reason()).describedAs(ex.getMessage()).isEqualTo(reason));
	}

}
