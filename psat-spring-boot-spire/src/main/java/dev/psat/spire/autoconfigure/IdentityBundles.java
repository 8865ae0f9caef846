package dev.psat.spire.autoconfigure;

import java.security.cert.CertificateException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.StringUtils;

final class IdentityBundles {

	/** What stands for the trust store of the JVM. */
	private static final String JVM = "jvm";

	private static final String OTHER_TRUST = "set it to 'jvm', or to the name of an SSL bundle with the CA of the servers, such as one of 'spring.ssl.bundle.pem'.";

	private final Map<String, IdentitySslBundle> bundles = new LinkedHashMap<>();

	/** The SSL bundles whose trust stores are meant, by bundle, without the JVM's. */
	private final Map<String, String> trusts = new LinkedHashMap<>();

	private final OwnBundle own;

	private final boolean enabled;

	private final AtomicReference<@Nullable SslBundles> all = new AtomicReference<>();

	/**
	 * Without an identity nothing connects, and a test need not have the files of a
	 * cluster.
	 */
	IdentityBundles(Map<String, Settings> settings, OwnBundle own, boolean enabled) {
		this.own = own;
		this.enabled = enabled;
		for (Map.Entry<String, Settings> each : settings.entrySet()) {
			Settings of = each.getValue();
			if (!of.trust().equals(JVM)) {
				this.trusts.put(each.getKey(), of.trust());
			}
			IdentitySslBundle bundle = bundle(of);
			this.bundles.put(each.getKey(), own.keepsConnections() ? bundle.keepingConnections() : bundle);
		}
	}

	private IdentitySslBundle bundle(Settings of) {
		return of.trust().equals(JVM) ? IdentitySslBundle.of(this.own.identity(), of.options())
				: IdentitySslBundle.of(this.own.identity(), () -> trusted(of.trust()), of.options());
	}

	Map<String, IdentitySslBundle> byName() {
		return Collections.unmodifiableMap(this.bundles);
	}

	private @Nullable SslBundle trusted(String name) {
		SslBundles all = this.all.get();
		return (all != null) ? all.getBundle(name) : null;
	}

	/** Bundles of a child context come too late, and decide for none of its parent. */
	void lookUpIn(SslBundles all) {
		this.all.compareAndSet(null, all);
	}

	void checkTrust(SslBundles all) {
		lookUpIn(all);
		if (this.enabled) {
			for (Map.Entry<String, IdentitySslBundle> each : this.bundles.entrySet()) {
				checkTrust(each.getKey(), each.getValue(), all);
			}
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

	/** On the thread of the update, rather than in a handshake. */
	private static void readAgain(IdentitySslBundle bundle) {
		try {
			bundle.readTrust();
		}
		// errors, too, would keep the application's own handlers from the update
		catch (Throwable ex) {
			// each connection is refused, and says why
		}
	}

	void close() {
		for (IdentitySslBundle bundle : this.bundles.values()) {
			BundleTls.close(bundle.createSslContext());
		}
	}

	private static PsatStartupException trustIsWrong(String name, String trust, String reason, String action,
			@Nullable Throwable cause) {
		PsatStartupException failure = PsatStartupException.ofProperty("identity-bundles.%s.trust".formatted(name),
				trust, reason, StringUtils.capitalize(action));
		failure.initCause(cause);
		return failure;
	}

	PsatStartupException nameIsTaken(String name) {
		return new PsatStartupException(
				"The application has another SSL bundle named '%s' than that of 'spire.identity-bundles'%s.".formatted(
						name,
						name.equals(this.own.name()) ? ": that of the SPIRE identity, by 'spire.bundle.name'" : ""),
				"Rename one of the two, and use the new name where its clients are configured.");
	}

	record Settings(String trust, SslOptions options) {

	}

}
