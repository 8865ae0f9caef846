package dev.psat.spire.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.IdentitySslBundle;
import dev.psat.spire.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * The identity bundles of the properties, by name. Public only for the meters.
 *
 * @since 0.1.0
 */
public final class IdentityBundles {

	/** What stands for the trust store of the JVM. */
	private static final String JVM = "jvm";

	private final Map<String, Settings> settings;

	private final Map<String, IdentitySslBundle> bundles;

	private final AtomicReference<@Nullable SslBundles> all = new AtomicReference<>();

	/**
	 * Create the bundles, which look up what they trust for each connection.
	 * @param settings the settings of each
	 * @param own the bundle whose identity they present
	 */
	IdentityBundles(Map<String, Settings> settings, OwnBundle own) {
		Map<String, IdentitySslBundle> bundles = new LinkedHashMap<>();
		settings.forEach((name, of) -> bundles.put(name,
				of.trust().equals(JVM) ? IdentitySslBundle.of(own.identity(), of.options())
						: IdentitySslBundle.of(own.identity(), () -> trusted(of.trust()), of.options())));
		this.settings = settings;
		this.bundles = Collections.unmodifiableMap(bundles);
	}

	/**
	 * Return the bundles.
	 * @return the bundles by name, in the order of the properties
	 */
	public Map<String, IdentitySslBundle> byName() {
		return this.bundles;
	}

	private @Nullable SslBundle trusted(String name) {
		SslBundles all = this.all.get();
		return (all != null) ? all.getBundle(name) : null;
	}

	/**
	 * Register the bundles.
	 * @param registry the registry, which already has those of the application
	 * @throws PsatStartupException if one of the same name is there
	 */
	void register(SslBundleRegistry registry) {
		this.bundles.forEach((name, bundle) -> {
			try {
				registry.registerBundle(name, bundle);
			}
			catch (IllegalStateException ex) {
				throw nameIsTaken(name, ex);
			}
		});
		if (registry instanceof SslBundles all) {
			this.all.compareAndSet(null, all);
		}
	}

	/**
	 * Check that the bundles are the ones that clients get by their names, and that what
	 * they trust is there.
	 * @param all all bundles
	 * @throws PsatStartupException if a name or what is trusted is wrong
	 */
	void check(SslBundles all) {
		// those of a child context come too late, and decide for none of its parent
		this.all.compareAndSet(null, all);
		this.bundles.forEach((name, bundle) -> {
			if (!all.getBundleNames().contains(name) || all.getBundle(name) != bundle) {
				throw nameIsTaken(name, null);
			}
		});
		this.settings.forEach((name, of) -> checkTrust(name, of.trust(), all));
	}

	private static void checkTrust(String name, String trust, SslBundles all) {
		boolean registered = all.getBundleNames().contains(trust);
		if (trust.equals(JVM)) {
			if (registered) {
				throw trustIsWrong(name, trust,
						"It stands for the trust store of the JVM, but the application also has an SSL bundle of this name.");
			}
			return;
		}
		if (!registered) {
			throw trustIsWrong(name, trust, "The application has no SSL bundle of this name.");
		}
		SslBundle trusted = all.getBundle(trust);
		if (trusted instanceof SvidSslBundle) {
			throw trustIsWrong(name, trust, "That SSL bundle is one of the SPIRE identity, and verifies no host name.");
		}
		if (!hasTrustStore(name, trust, trusted)) {
			throw trustIsWrong(name, trust, "That SSL bundle has no trust store, so that of the JVM would be meant.");
		}
		// Spring Boot warns about each update of a bundle without a handler, although
		// this one needs none
		all.addBundleUpdateHandler(trust, (bundle) -> {
		});
	}

	private static boolean hasTrustStore(String name, String trust, SslBundle bundle) {
		try {
			return bundle.getStores().getTrustStore() != null;
		}
		catch (RuntimeException ex) {
			PsatStartupException failure = trustIsWrong(name, trust,
					"Its trust store cannot be read: %s.".formatted(ex.getMessage()));
			failure.initCause(ex);
			throw failure;
		}
	}

	private static PsatStartupException trustIsWrong(String name, String trust, String reason) {
		return PsatStartupException.ofProperty("identity-bundles.%s.trust".formatted(name), trust, reason,
				"Set it to 'jvm', or to the name of an SSL bundle with the CA of the servers, such as one of 'spring.ssl.bundle.pem'.");
	}

	private static PsatStartupException nameIsTaken(String name, @Nullable Throwable cause) {
		PsatStartupException failure = new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of 'spire.psat.identity-bundles'."
					.formatted(name),
				"Rename one of the two, and use the new name where its clients are configured.");
		failure.initCause(cause);
		return failure;
	}

	/**
	 * The settings of a bundle.
	 *
	 * @param trust what verifies servers: the name of an SSL bundle, or {@link #JVM}
	 * @param options limit each connection
	 */
	record Settings(String trust, SslOptions options) {

	}

}
