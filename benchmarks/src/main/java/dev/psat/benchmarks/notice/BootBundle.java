package dev.psat.benchmarks.notice;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.Assert;

/**
 * An SSL bundle of Spring Boot that is reloaded when its file changes. It has an
 * application of its own, since bundles of one application share the quiet period. It has
 * seen a certificate once its update handlers are called.
 */
final class BootBundle implements AutoCloseable {

	private static final String NAME = "peer";

	private final ConfigurableApplicationContext context;

	BootBundle(Path pem, Sightings sightings) {
		String bundle = "spring.ssl.bundle.pem." + NAME;
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.properties("logging.level.root=warn", bundle + ".reload-on-update=true",
					bundle + ".keystore.certificate=" + pem.toUri(), bundle + ".keystore.private-key=" + pem.toUri())
			.run();
		this.context.getBean(SslBundles.class)
			.addBundleUpdateHandler(NAME, (updated) -> sightings.see(certificate(updated)));
	}

	@Override
	public void close() {
		this.context.close();
	}

	private static String certificate(SslBundle bundle) {
		try {
			KeyStore store = bundle.getStores().getKeyStore();
			Assert.state(store != null, "There is no key store");
			return Certificates.nameOf(store.getCertificate(Collections.list(store.aliases()).get(0)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration(SslAutoConfiguration.class)
	static class Application {

	}

}
