package dev.psat.spire.client;

import java.time.Duration;
import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Trust bundles of other trust domains.
 */
class ClientFederationTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private static final Duration LONG = Duration.ofMinutes(1);

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER.name()).build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet).build();

	@AutoClose
	private final TestPod pod = new TestPod(this.server, this.kubelet);

	@AutoClose
	private final AgentConnection connection = this.pod.connect(this.pod.attest());

	@Test
	void bundleIsThatOfTheTrustDomainWithoutExpiry() {
		this.server.federation().set(this.partner);
		TrustBundle bundle = this.connection.federatedBundle(PARTNER, LONG);
		assertThat(bundle.trustDomain()).isEqualTo(PARTNER);
		try (TestPod ofPartner = new TestPod(this.partner, this.kubelet)) {
			TrustBundle own = ofPartner.refresh();
			assertThat(bundle.x509Authorities()).isEqualTo(own.x509Authorities());
			assertThat(bundle.jwtAuthorities()).singleElement().satisfies((authority) -> {
				assertThat(authority.keyId()).isEqualTo(own.jwtAuthorities().get(0).keyId());
				assertThat(authority.expiresAt()).isNull();
			});
		}
	}

	@Test
	void bundleThatTheServerDoesNotHaveIsNotFoundAndItsOwnIsNoneOfThem() {
		assertFails(() -> this.connection.federatedBundle(PARTNER, LONG), FailureReason.TRUST_BUNDLE_NOT_FOUND);
		assertFails(() -> this.connection.federatedBundle(TrustDomain.of("example.org"), LONG),
				FailureReason.INVALID_REQUEST);
	}

	@Test
	void emptyBundleIsAnAnswer() {
		this.server.federation().set(FederatedBundle.empty(PARTNER.name()));
		assertThat(this.connection.federatedBundle(PARTNER, LONG).isEmpty()).isTrue();
	}

	@Test
	void authoritiesThatCannotBeReadAreLeftOutOneByOneAndNoneAtAllIsAnEmptyBundle() {
		FederatedBundle odd = FederatedBundle.of(this.partner)
			.withX509Authority(new byte[] { 1 })
			.withX509Authority(new byte[0])
			.withJwtAuthority("", new byte[] { 1 })
			.withJwtAuthority("garbage", new byte[] { 2 });
		this.server.federation().set(odd);
		TrustBundle bundle = this.connection.federatedBundle(PARTNER, LONG);
		assertThat(List.of(bundle.x509Authorities().size(), bundle.jwtAuthorities().size())).containsOnly(1);
		this.server.federation()
			.set(FederatedBundle.empty(PARTNER.name())
				.withX509Authority(new byte[] { 1 })
				.withJwtAuthority("garbage", new byte[] { 2 }));
		assertThat(this.connection.federatedBundle(PARTNER, LONG).isEmpty()).isTrue();
	}

	@Test
	void soManyAuthoritiesThatEachHandshakeWouldTakeSecondsAreNoAnswer() {
		FederatedBundle bundle = FederatedBundle.of(this.partner);
		for (int i = 1; i < 200; i++) {
			bundle = bundle.withX509Authority(new byte[] { 1 }).withJwtAuthority("garbage-" + i, new byte[] { 2 });
		}
		this.server.federation().set(bundle);
		assertThat(this.connection.federatedBundle(PARTNER, LONG).x509Authorities()).hasSize(1);
		this.server.federation().set(bundle.withX509Authority(new byte[] { 1 }));
		assertFails(() -> this.connection.federatedBundle(PARTNER, LONG), FailureReason.INVALID_TRUST_BUNDLE);
		this.server.federation().set(bundle.withJwtAuthority("garbage-200", new byte[] { 2 }));
		assertFails(() -> this.connection.federatedBundle(PARTNER, LONG), FailureReason.INVALID_TRUST_BUNDLE);
	}

	@Test
	void bundleOfAnotherTrustDomainIsNoAnswer() {
		this.server.federation().set(this.partner);
		this.server.faults()
			.federatedBundle(PARTNER.name())
			.answer(FederatedBundle.of(this.partner).withTrustDomain("buyer.org"));
		assertFails(() -> this.connection.federatedBundle(PARTNER, LONG), FailureReason.INVALID_TRUST_BUNDLE);
	}

	@Test
	void serverThatHangsIsNotWaitedForLongerThanAskedAndOtherCallsGoOn() {
		this.server.federation().set(this.partner);
		this.server.faults().federatedBundle(PARTNER.name()).hang();
		assertThat(this.connection.trustBundle().isEmpty()).isFalse();
		// unless the machine is busy, just then
		await().until(() -> {
			long begun = System.nanoTime();
			assertFails(() -> this.connection.federatedBundle(PARTNER, Duration.ofMillis(200)),
					FailureReason.TIMED_OUT);
			return System.nanoTime() - begun < Duration.ofSeconds(8).toNanos();
		});
		assertThat(this.connection.trustBundle().isEmpty()).isFalse();
		this.server.faults().federatedBundle(PARTNER.name()).resume();
		assertThat(this.connection.federatedBundle(PARTNER, LONG).isEmpty()).isFalse();
	}

	private static void assertFails(ThrowingCallable call, FailureReason reason) {
		assertThatExceptionOfType(SpireException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

}
