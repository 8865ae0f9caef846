package dev.psat.spire.workload;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.SvidPreference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OfferedTrust} on a machine that moves from one trust domain to
 * another.
 */
@ExtendWith(OutputCaptureExtension.class)
class OfferedTrustTests {

	private static final TrustDomain HOME = TrustDomain.of("home.org");

	private static final Map<TrustDomain, SvidMint> MINTS = Map.of(HOME, new SvidMint(), ScriptedAgent.PARTNER,
			new SvidMint(), ScriptedAgent.STRANGER, new SvidMint());

	private final ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, null), HOME, ScriptedAgent.PARTNER,
			ScriptedAgent.STRANGER);

	@Test
	void trustDomainThatIsTheOwnOneForAWhileIsTrustedBeforeAndAfter(CapturedOutput output) {
		offer(HOME);
		assertTrusted(HOME, ScriptedAgent.PARTNER, ScriptedAgent.STRANGER);
		offer(ScriptedAgent.PARTNER);
		assertTrusted(ScriptedAgent.PARTNER, HOME, ScriptedAgent.STRANGER);
		offer(HOME);
		assertTrusted(HOME, ScriptedAgent.PARTNER, ScriptedAgent.STRANGER);
		assertThat(output).doesNotContain("Not trusting", "No longer trusting");
		assertThat(output.toString().split("Trusting workloads of partner.org from now on", -1)).hasSize(3);
	}

	@Test
	void trustDomainThatWasLeftIsTrustedFromAnyOther() {
		offer(HOME);
		offer(ScriptedAgent.PARTNER);
		offer(ScriptedAgent.STRANGER);
		assertTrusted(ScriptedAgent.STRANGER, HOME, ScriptedAgent.PARTNER);
	}

	@Test
	void trustDomainThatIsNotOfferedAfterAMoveIsNotTrustedWithItsFormerAuthorities() {
		offer(HOME);
		offer(ScriptedAgent.PARTNER);
		this.agent.message(this.agent.svid(mint(HOME), "spiffe://home.org/orders", null));
		assertThat(this.agent.view().federation().bundle(ScriptedAgent.PARTNER, true)).isNull();
		assertThat(this.agent.status().federation()).extracting(SpireStatus.Federation::state)
			.containsOnly(FederationState.NOT_FEDERATED);
	}

	@Test
	void ownTrustDomainIsNeverTrustedAsAFederatedOne() {
		offer(HOME);
		Map<TrustDomain, TrustBundle> federated = new HashMap<>();
		MINTS.forEach((trustDomain, mint) -> federated.put(trustDomain, mint.bundleOf(trustDomain)));
		this.agent.message(federated, this.agent.svid(mint(HOME), "spiffe://home.org/orders", null));
		assertThat(this.agent.view().federation().bundle(HOME, true)).isNull();
		assertTrusted(HOME, ScriptedAgent.PARTNER, ScriptedAgent.STRANGER);
	}

	@Test
	void trustThatBeginsAgainIsAnotherGeneration() {
		offer(HOME);
		long generation = generationOfThePartner();
		offer(ScriptedAgent.PARTNER);
		offer(HOME);
		assertThat(generationOfThePartner()).isGreaterThan(generation);
	}

	private long generationOfThePartner() {
		return this.agent.status()
			.federation()
			.stream()
			.filter((federation) -> federation.trustDomain().equals(ScriptedAgent.PARTNER))
			.mapToLong(SpireStatus.Federation::generation)
			.findFirst()
			.orElseThrow();
	}

	private static SvidMint mint(TrustDomain trustDomain) {
		return Objects.requireNonNull(MINTS.get(trustDomain));
	}

	private void offer(TrustDomain own) {
		Map<TrustDomain, TrustBundle> federated = new HashMap<>();
		MINTS.forEach((trustDomain, mint) -> {
			if (!trustDomain.equals(own)) {
				federated.put(trustDomain, mint.bundleOf(trustDomain));
			}
		});
		this.agent.message(federated, this.agent.svid(mint(own), "spiffe://%s/orders".formatted(own), null));
	}

	private void assertTrusted(TrustDomain own, TrustDomain... others) {
		assertThat(this.agent.status().trustDomain()).isEqualTo(own);
		assertThat(this.agent.view().isOwn(own)).isTrue();
		assertThat(this.agent.status().federation()).extracting(SpireStatus.Federation::trustDomain)
			.containsExactly(others);
		assertThat(this.agent.status().federation()).extracting(SpireStatus.Federation::state)
			.containsOnly(FederationState.TRUSTED);
		for (TrustDomain other : others) {
			TrustBundle bundle = this.agent.view().federation().bundle(other, true);
			assertThat(bundle).isNotNull();
			assertThat(bundle.x509Authorities()).isEqualTo(mint(other).bundleOf(other).x509Authorities());
		}
	}

}
