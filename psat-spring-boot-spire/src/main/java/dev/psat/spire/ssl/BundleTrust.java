package dev.psat.spire.ssl;

import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.function.Supplier;

import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spire.tls.internal.ClassicTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * What another SSL bundle trusts, until another instance replaces it when its files are
 * reloaded. Without a trust store it trusts nobody here: Spring Boot would take that of
 * the JVM.
 */
final class BundleTrust implements ClassicTls.Trust {

	private final Supplier<? extends @Nullable SslBundle> bundles;

	private final boolean storeRequired;

	private volatile @Nullable Kept kept;

	BundleTrust(Supplier<? extends @Nullable SslBundle> bundles) {
		this(bundles, true);
	}

	private BundleTrust(Supplier<? extends @Nullable SslBundle> bundles, boolean storeRequired) {
		this.bundles = bundles;
		this.storeRequired = storeRequired;
	}

	// what Spring Boot uses for a bundle without a trust store
	static BundleTrust ofJvm() {
		SslBundle jvm = SslBundle.of(SslStoreBundle.NONE);
		return new BundleTrust(() -> jvm, false);
	}

	SslBundle bundle() throws CertificateException {
		SslBundle bundle;
		try {
			bundle = this.bundles.get();
		}
		catch (RuntimeException ex) {
			throw new CertificateException("The SSL bundle that verifies servers is missing: " + ex.getMessage(), ex);
		}
		if (bundle == null) {
			throw new CertificateException("There is no SSL bundle that verifies servers yet");
		}
		if (bundle instanceof SvidSslBundle) {
			throw new CertificateException(
					"The SSL bundle that verifies servers is one of the SPIRE identity, and verifies no host name");
		}
		return bundle;
	}

	@Override
	public X509ExtendedTrustManager trustManager() throws CertificateException {
		SslBundle bundle = bundle();
		Kept kept = this.kept;
		// two connections may both read a new one, which does no harm
		if (kept == null || kept.bundle() != bundle) {
			kept = new Kept(bundle, read(bundle));
			this.kept = kept;
		}
		return kept.trustManager();
	}

	private X509ExtendedTrustManager read(SslBundle bundle) throws CertificateException {
		try {
			if (this.storeRequired && bundle.getStores().getTrustStore() == null) {
				throw new CertificateException("The SSL bundle that verifies servers has no trust store");
			}
			return Arrays.stream(bundle.getManagers().getTrustManagers())
				.filter(X509ExtendedTrustManager.class::isInstance)
				.map(X509ExtendedTrustManager.class::cast)
				.findFirst()
				.orElseThrow(() -> new CertificateException(
						"The SSL bundle that verifies servers has no X509ExtendedTrustManager, and nothing else checks host names"));
		}
		catch (RuntimeException ex) {
			throw new CertificateException("The SSL bundle that verifies servers cannot be read: " + ex.getMessage(),
					ex);
		}
	}

	private record Kept(SslBundle bundle, X509ExtendedTrustManager trustManager) {

	}

}
