package dev.psat.spire.autoconfigure;

import java.security.cert.CertificateException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.OwnBundle;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.StringUtils;

/**
 * The identity bundles of the properties, by name. Public only for the meters.
 *
 * @since 0.1.0
 */
public final class IdentityBundles implements DisposableBean {

	/** What stands for the trust store of the JVM. */
	private static final String JVM = "jvm";

	private static final String OTHER_TRUST = "set it to 'jvm', or to the name of an SSL bundle with the CA of the servers, such as one of 'spring.ssl.bundle.pem'.";

	private final Map<String, IdentitySslBundle> bundles;

	/** The SSL bundles whose trust stores are meant, by bundle, without the JVM's. */
	private final Map<String, String> trusts;

	private final OwnBundle own;

	private final boolean enabled;

	private final AtomicReference<@Nullable SslBundles> all = new AtomicReference<>();

	/**
	 * Create the bundles, which look up what they trust for each connection.
	 * @param settings the settings of each
	 * @param own the bundle whose identity they present
	 * @param enabled whether there is an identity, without which nothing connects, and a
	 * test need not have the files of a cluster
	 */
	IdentityBundles(Map<String, Settings> settings, OwnBundle own, boolean enabled) {
		this.own = own;
		this.enabled = enabled;
		Map<String, IdentitySslBundle> bundles = new LinkedHashMap<>();
		Map<String, String> trusts = new LinkedHashMap<>();
		settings.forEach((name, of) -> {
			if (!of.trust().equals(JVM)) {
				trusts.put(name, of.trust());
			}
			IdentitySslBundle bundle = bundle(of);
			bundles.put(name, own.keepsConnections() ? bundle.keepingConnections() : bundle);
		});
		this.bundles = Collections.unmodifiableMap(bundles);
		this.trusts = trusts;
	}

	private IdentitySslBundle bundle(Settings of) {
		return of.trust().equals(JVM) ? IdentitySslBundle.of(this.own.identity(), of.options())
				: IdentitySslBundle.of(this.own.identity(), () -> trusted(of.trust()), of.options());
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
		if (this.enabled) {
			this.bundles.forEach((name, bundle) -> checkTrust(name, bundle, all));
		}
	}

	private void checkTrust(String name, IdentitySslBundle bundle, SslBundles all) {
		String trust = this.trusts.getOrDefault(name, JVM);
		boolean registered = all.getBundleNames().contains(trust);
		if (trust.equals(JVM) && registered) {
			throw trustIsWrong(name, trust,
					"It stands for the trust store of the JVM, but the application also has an SSL bundle of this name.",
					"Rename that SSL bundle.", null);
		}
		if (!trust.equals(JVM) && !registered) {
			throw trustIsWrong(name, trust, "The application has no SSL bundle of this name.", OTHER_TRUST, null);
		}
		try {
			bundle.readTrust();
		}
		catch (CertificateException ex) {
			throw trustIsWrong(name, trust, ex.getMessage() + ".", "Correct that SSL bundle. Or " + OTHER_TRUST, ex);
		}
		if (registered) {
			all.addBundleUpdateHandler(trust, (updated) -> readAgain(bundle));
		}
	}

	/**
	 * Read what verifies servers on the thread of the update, rather than in a handshake.
	 */
	private static void readAgain(IdentitySslBundle bundle) {
		try {
			bundle.readTrust();
		}
		// errors, too, would keep the application's own handlers from the update
		catch (Throwable ex) {
			// each connection is refused, and says why
		}
	}

	/**
	 * End what is open. Whatever was given a bundle has been destroyed by now, since it
	 * was created later.
	 */
	@Override
	public void destroy() {
		this.bundles.values().forEach((bundle) -> BundleTls.close(bundle.createSslContext()));
	}

	private static PsatStartupException trustIsWrong(String name, String trust, String reason, String action,
			@Nullable Throwable cause) {
		PsatStartupException failure = PsatStartupException.ofProperty("identity-bundles.%s.trust".formatted(name),
				trust, reason, StringUtils.capitalize(action));
		failure.initCause(cause);
		return failure;
	}

	private PsatStartupException nameIsTaken(String name, @Nullable Throwable cause) {
		PsatStartupException failure = new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of 'spire.identity-bundles'%s.".formatted(
						name,
						name.equals(this.own.name()) ? ": that of the SPIRE identity, by 'spire.bundle.name'" : ""),
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
