package dev.psat.spire.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;

/**
 * The SSL bundles of the identity by name. Those of policies that are beans share counts
 * and connections with that of the properties, which ends both.
 */
final class RegisteredBundles {

	private final OwnBundle own;

	private final IdentityBundles identityBundles;

	private final PolicyBeans policies;

	private final List<Named> all = new ArrayList<>();

	RegisteredBundles(OwnBundle own, IdentityBundles identityBundles, PolicyBeans policies) {
		this.own = own;
		this.identityBundles = identityBundles;
		this.policies = policies;
		this.all.add(new Named(own.name(), own.bundle()));
		for (Map.Entry<String, IdentitySslBundle> each : identityBundles.byName().entrySet()) {
			this.all.add(new Named(each.getKey(), each.getValue()));
		}
		for (Map.Entry<String, PolicyBean> each : policies.byBundle().entrySet()) {
			this.all.add(new Named(each.getKey(), own.bundle().authorizing(each.getValue(), each.getValue())));
		}
	}

	Map<String, SvidSslBundle> byName() {
		Map<String, SvidSslBundle> byName = new LinkedHashMap<>();
		for (Named each : this.all) {
			byName.put(each.name(), each.bundle());
		}
		return byName;
	}

	void check(SslBundles bundles) {
		for (Named each : this.all) {
			expectUpdates(each.name(), bundles);
			if (bundles.getBundle(each.name()) != each.bundle()) {
				throw nameIsTaken(each, null);
			}
		}
		this.identityBundles.checkTrust(bundles);
	}

	/**
	 * Spring Boot warns of each update without a handler, although this one needs none.
	 */
	private static void expectUpdates(String name, SslBundles bundles) {
		try {
			bundles.addBundleUpdateHandler(name, (bundle) -> {
			});
		}
		catch (NoSuchSslBundleException ex) {
			throw new IllegalStateException(("The application's own SslBundleRegistry has no bundle '%s'. "
					+ "Apply every SslBundleRegistrar bean to it, as Spring Boot does")
				.formatted(name), ex);
		}
	}

	private void register(SslBundleRegistry registry) {
		for (Named each : this.all) {
			try {
				registry.registerBundle(each.name(), each.bundle());
			}
			catch (IllegalStateException ex) {
				throw nameIsTaken(each, ex);
			}
		}
		if (registry instanceof SslBundles bundles) {
			this.identityBundles.lookUpIn(bundles);
		}
	}

	private PsatStartupException nameIsTaken(Named bundle, @Nullable Throwable cause) {
		PsatStartupException failure = nameIsTaken(bundle, cause != null);
		failure.initCause(cause);
		return failure;
	}

	private PsatStartupException nameIsTaken(Named bundle, boolean before) {
		String name = bundle.name();
		if (bundle.bundle() == this.own.bundle()) {
			return this.own.nameIsTaken(before);
		}
		return (bundle.bundle() instanceof IdentitySslBundle) ? this.identityBundles.nameIsTaken(name)
				: this.policies.nameIsTaken(name);
	}

	private record Named(String name, SvidSslBundle bundle) {

	}

	/**
	 * Comes after those of the application, whose names take precedence. A bean of its
	 * own, since a post-processor of the application may wrap it.
	 */
	static final class Registrar implements SslBundleRegistrar, Ordered {

		private final RegisteredBundles bundles;

		Registrar(RegisteredBundles bundles) {
			this.bundles = bundles;
		}

		@Override
		public void registerBundles(SslBundleRegistry registry) {
			this.bundles.register(registry);
		}

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

	}

}
