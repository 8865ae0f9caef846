package dev.psat.spire.autoconfigure.internal;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A bundle of each kind.
 */
@Configuration(proxyBeanMethods = false)
public class Bundles {

	@Bean
	SslBundleRegistrar registrar() {
		return (registry) -> {
			registry.registerBundle("spire", SpiffeSslBundle.of(new TestIdentity()));
			registry.registerBundle("spire-web", IdentitySslBundle.of(new TestIdentity()));
			registry.registerBundle("classic", SslBundle.of(SslStoreBundle.NONE));
		};
	}

}
