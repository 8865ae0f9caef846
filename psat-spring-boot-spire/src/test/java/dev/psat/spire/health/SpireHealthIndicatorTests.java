package dev.psat.spire.health;

import java.util.EnumMap;
import java.util.Map;

import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.TestIdentity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link SpireHealthIndicator}.
 */
class SpireHealthIndicatorTests {

	private final TestIdentity identity = new TestIdentity();

	private final SpireHealthIndicator indicator = new SpireHealthIndicator(this.identity);

	@Test
	void isUpWhileAnSvidIsInForceUnlessBanned() {
		Map<SpireState, Status> found = new EnumMap<>(SpireState.class);
		for (SpireState state : SpireState.values()) {
			found.put(state, health(TestIdentity.failing(state, true)).getStatus());
		}
		assertThat(found).containsOnly(entry(SpireState.DISABLED, Status.UNKNOWN),
				entry(SpireState.BANNED, Status.DOWN), entry(SpireState.NODE_IDENTITY, Status.DOWN),
				entry(SpireState.EXPIRED, Status.DOWN), entry(SpireState.CONTESTED, Status.UP),
				entry(SpireState.RENEWAL_FAILING, Status.UP), entry(SpireState.READY, Status.UP),
				entry(SpireState.WAITING_FOR_ENTRY, Status.DOWN), entry(SpireState.ATTESTING, Status.DOWN),
				entry(SpireState.CONNECTING, Status.DOWN), entry(SpireState.STARTING, Status.DOWN));
	}

	@Test
	void detailsWhenReadyAreThoseOfTheSvid() {
		assertThat(health(TestIdentity.ready(1)).getDetails()).containsExactly(entry("state", SpireState.READY),
				entry("id", "spiffe://example.org/orders"), entry("expiresAt", TestIdentity.EXPIRES_AT));
	}

	@Test
	void isUpWithWhateverIsKnownOfFederatedTrustDomains() {
		for (FederationState state : FederationState.values()) {
			Health health = health(TestIdentity.federating(TestIdentity.untrusted("partner.org", state),
					TestIdentity.trusted("a.org")));
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(entry("state", SpireState.READY),
					entry("id", "spiffe://example.org/orders"), entry("expiresAt", TestIdentity.EXPIRES_AT),
					entry("federation", Map.of("partner.org", state, "a.org", FederationState.TRUSTED)));
		}
	}

	@Test
	void federatedTrustDomainsAreInTheOrderOfTheConfiguration() {
		Health health = health(TestIdentity.federating(TestIdentity.trusted("c.org"), TestIdentity.trusted("a.org"),
				TestIdentity.trusted("b.org")));
		assertThat(health.getDetails().get("federation")).hasToString("{c.org=TRUSTED, a.org=TRUSTED, b.org=TRUSTED}");
	}

	@Test
	void detailsWhenSomethingIsWrongSayWhatAndWhatToDo() {
		assertThat(health(TestIdentity.failing(SpireState.RENEWAL_FAILING, true)).getDetails()).containsExactly(
				entry("state", SpireState.RENEWAL_FAILING), entry("id", "spiffe://example.org/orders"),
				entry("expiresAt", TestIdentity.EXPIRES_AT), entry("reason", "UNREACHABLE"),
				entry("message", "The SPIRE Server cannot be reached"), entry("advice", "Check that it runs."));
	}

	@Test
	void detailsWhenNothingIsKnownAreTheStateAlone() {
		for (SpireState state : new SpireState[] { SpireState.STARTING, SpireState.DISABLED }) {
			assertThat(health(TestIdentity.bare(state)).getDetails()).containsExactly(entry("state", state));
		}
	}

	private Health health(SpireStatus status) {
		this.identity.become(status);
		return this.indicator.health();
	}

}
