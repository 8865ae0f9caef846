package dev.psat.spire.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.OwnBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles for which policies that are beans decide, by name. They share counts
 * and connections with that of the properties, which ends both.
 */
final class PolicyBundles {

	private final Map<String, PolicyBean> policies;

	private final Map<String, SpiffeSslBundle> bundles;

	/**
	 * Create the bundles.
	 * @param policies the policies by the names of the bundles
	 * @param own the bundle of the properties, whose identity they present
	 */
	PolicyBundles(Map<String, PolicyBean> policies, OwnBundle own) {
		this.policies = policies;
		Map<String, SpiffeSslBundle> bundles = new LinkedHashMap<>();
		policies.forEach((name, policy) -> bundles.put(name, own.bundle().authorizing(policy, policy)));
		this.bundles = Collections.unmodifiableMap(bundles);
	}

	Map<String, SpiffeSslBundle> byName() {
		return this.bundles;
	}

	/**
	 * Register the bundles.
	 * @param registry the registry, which already has all others
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
	}

	/**
	 * Check that the bundles are the ones that servers and clients get by their names.
	 * @param all all bundles
	 * @throws PsatStartupException if a name is taken
	 */
	void check(SslBundles all) {
		this.bundles.forEach((name, bundle) -> {
			if (all.getBundle(name) != bundle) {
				throw nameIsTaken(name, null);
			}
		});
	}

	private PsatStartupException nameIsTaken(String name, @Nullable Throwable cause) {
		PolicyBean policy = this.policies.get(name);
		PsatStartupException failure = new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of the PeerPolicy bean '%s'."
					.formatted(name, (policy != null) ? policy.name() : name),
				"Let @AuthorizesPeers name another one, or rename the SSL bundle of the application.");
		failure.initCause(cause);
		return failure;
	}

}
