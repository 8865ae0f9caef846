package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OwnTrustDomainCheck}, for an identity of example.org.
 */
@ExtendWith(OutputCaptureExtension.class)
class OwnTrustDomainCheckTests {

	private final SpireProperties properties = new SpireProperties();

	private final TestIdentity identity = new TestIdentity();

	@Test
	void idsOfATrustDomainThatIsNeitherOwnNorFederatedAreToldOnceWithTheFirstSvid(CapturedOutput output) {
		this.properties.setFederatesWith(List.of("partner.org"));
		this.properties.getBundle()
			.setAuthorizedClients(List.of("spiffe://example.com/bank", "spiffe://example.org/ns/*",
					"spiffe://third.org/ns/*", "spiffe://partner.org/bank"));
		this.properties.getBundle().setAuthorizedServers(List.of("spiffe://fourth.org/bank"));
		observe();
		this.identity.become(TestIdentity.connecting());
		assertThat(output).doesNotContain("lists");
		this.identity.become(TestIdentity.handedOut());
		this.identity.become(TestIdentity.connecting());
		this.identity.become(TestIdentity.handedOut());
		assertThat(output)
			.containsOnlyOnce(
					"'spire.bundle.authorized-clients' lists spiffe://example.com/bank and spiffe://third.org/ns/*, "
							+ "which can never connect: the own trust domain is 'example.org'")
			.containsOnlyOnce("'spire.bundle.authorized-servers' lists spiffe://fourth.org/bank")
			.doesNotContain("'spire.federates-with' lists");
	}

	@Test
	void ownTrustDomainAmongTheFederatedOnesIsTold(CapturedOutput output) {
		this.properties.setFederatesWith(List.of("partner.org", "spiffe://example.org"));
		observe();
		this.identity.become(TestIdentity.handedOut());
		assertThat(output)
			.containsOnlyOnce("'spire.federates-with' lists 'example.org', which is the own trust domain");
	}

	@Test
	void nothingIsToldWhereAllFits(CapturedOutput output) {
		this.properties.setFederatesWith(List.of("partner.org"));
		this.properties.getBundle()
			.setAuthorizedClients(List.of("spiffe://example.org/bank", "spiffe://partner.org/bank"));
		observe();
		this.identity.become(TestIdentity.handedOut());
		assertThat(output).doesNotContain("'spire.");
	}

	private void observe() {
		this.identity.addObserver(new OwnTrustDomainCheck(this.properties, PeerLists.refusing("is nobody"),
				PolicyBeans.in(new DefaultListableBeanFactory())));
	}

}
