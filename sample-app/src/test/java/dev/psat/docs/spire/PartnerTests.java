package dev.psat.docs.spire;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation's partner is trusted from the start.
 */
class PartnerTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	@Test
	void isTrustedFromTheStart() {
		try (ConfigurableApplicationContext context = run("--server.port=0", "--spire.federates-with=partner.org")) {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state().isUp());
			assertThat(identity.trustBundle(PARTNER).trustDomain()).isEqualTo(PARTNER);
			assertThat(identity.x509Svid().spiffeId().trustDomain()).isEqualTo(TrustDomain.of("example.org"));
		}
	}

	private static ConfigurableApplicationContext run(String... args) {
		return SpringApplication.from(OrdersApplication::main)
			.with(Partner.class, SimulatedSpireServerConfiguration.class)
			.run(args)
			.getApplicationContext();
	}

}
