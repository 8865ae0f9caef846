package dev.psat.sample;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistrar;

/**
 * Lets the sample federate with {@code partner.org}, a trust domain with a SPIRE Server
 * of its own. Two of its workloads call the sample, which lets in one.
 */
@TestConfiguration(proxyBeanMethods = false)
class SimulatedCallersConfiguration {

	static final String TRUST_DOMAIN = "partner.org";

	static final String LISTED = "spiffe://partner.org/ns/shop/sa/orders";

	static final String UNLISTED = "spiffe://partner.org/ns/shop/sa/mailer";

	@Bean(defaultCandidate = false)
	SimulatedSpireServer federatedServer() {
		return SimulatedSpireServer.builder().trustDomain(TRUST_DOMAIN).build();
	}

	@Bean
	SimulatedCaller listedCaller(@Qualifier("federatedServer") SimulatedSpireServer federatedServer,
			SimulatedSpireServer spireServer, TlsConnector connector, SpireIdentity identity, SpiffeSslBundle bundle) {
		return new SimulatedCaller(mint(federatedServer, LISTED), spireServer, connector, identity, bundle);
	}

	@Bean
	SimulatedCaller unlistedCaller(@Qualifier("federatedServer") SimulatedSpireServer federatedServer,
			SimulatedSpireServer spireServer, TlsConnector connector, SpireIdentity identity, SpiffeSslBundle bundle) {
		return new SimulatedCaller(mint(federatedServer, UNLISTED), spireServer, connector, identity, bundle);
	}

	/**
	 * Mint an X.509-SVID, which will not be renewed.
	 */
	private static SimulatedX509Svid mint(SimulatedSpireServer server, String id) {
		return server.mintX509Svid(id, Instant.now(), Duration.ofDays(1));
	}

	@Bean
	DynamicPropertyRegistrar simulatedCallersProperties() {
		return (properties) -> {
			properties.add("spire.federates-with", () -> TRUST_DOMAIN);
			properties.add("spire.bundle.authorized-clients", () -> SimulatedPod.SPIFFE_ID + "," + LISTED);
			// two calls more
			properties.add("spring.task.scheduling.pool.size", () -> 4);
		};
	}

}
