package dev.psat.sample;

import dev.psat.spire.test.SimulatedSpireServer;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistrar;

/**
 * Gives the sample a {@link SimulatedPartner}, and the SSL bundle with its CA.
 */
@TestConfiguration(proxyBeanMethods = false)
class SimulatedPartnerConfiguration {

	private static final String BUNDLE = "partner-ca";

	@Bean
	SimulatedPartner simulatedPartner(SimulatedSpireServer spireServer) {
		return new SimulatedPartner(spireServer);
	}

	@Bean
	SslBundleRegistrar simulatedPartnerBundle(SimulatedPartner partner) {
		PemSslStoreDetails root = PemSslStoreDetails.forCertificate(partner.root());
		return (registry) -> registry.registerBundle(BUNDLE, SslBundle.of(new PemSslStoreBundle(null, root)));
	}

	@Bean
	DynamicPropertyRegistrar simulatedPartnerProperties(SimulatedPartner partner) {
		return (properties) -> {
			properties.add("sample.partner-url", partner::url);
			properties.add("spire.identity-bundles.partner.trust", () -> BUNDLE);
		};
	}

}
