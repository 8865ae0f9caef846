package dev.psat.spire.internal;

import java.util.List;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.FederationState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Federation}.
 */
class FederationTests {

	private final TrustDomain partner = TrustDomain.of("partner.org");

	private final Federation.Domain unknown = Federation.Domain.of(this.partner);

	private final TrustBundle bundle = TrustBundle.of(this.partner,
			List.of(new X509Authority(new SvidMint().certificate(), false)), List.of(), 0L, null);

	@Test
	void trustDomainIsTrustedWithABundleWhileTheSvidIsInForceAlone() {
		Federation trusting = new Federation(List.of(this.unknown.answered(this.bundle, ManualTime.START)));
		assertThat(trusting.bundle(this.partner, true)).isSameAs(this.bundle);
		assertThat(trusting.bundle(this.partner, false)).isNull();
		assertThat(trusting.absence(this.partner, false))
			.isEqualTo("No X.509-SVID is in force, without which 'partner.org' is not trusted");
		// asked for the reason too late
		assertThat(trusting.absence(this.partner, true))
			.isEqualTo("The trust bundle of 'partner.org' has only just arrived");
	}

	@Test
	void trustDomainWithoutABundleIsNotTrusted() {
		Federation waiting = new Federation(List.of(this.unknown));
		assertThat(waiting.bundle(this.partner, true)).isNull();
		assertThat(waiting.absence(this.partner, true)).isEqualTo(this.unknown.absence());
		assertThat(waiting.advice(this.partner)).contains("its state is UNKNOWN");
		Federation.Domain refused = this.unknown.distrusted(FederationState.NOT_FEDERATED, ManualTime.START);
		assertThat(new Federation(List.of(refused)).advice(this.partner))
			.isEqualTo("Let the registration entry federate with it.");
	}

	@Test
	void trustDomainThatIsNotConfiguredIsNotTrusted() {
		assertThat(Federation.NONE.bundle(this.partner, true)).isNull();
		assertThat(Federation.NONE.absence(this.partner, true))
			.isEqualTo("This application does not federate with 'partner.org'");
		assertThat(Federation.NONE.advice(this.partner)).contains("'spire.federates-with'");
	}

}
