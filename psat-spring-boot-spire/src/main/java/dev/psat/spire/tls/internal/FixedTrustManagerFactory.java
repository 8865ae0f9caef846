package dev.psat.spire.tls.internal;

import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;

import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;

import org.jspecify.annotations.Nullable;

/**
 * {@link TrustManagerFactory} with a fixed trust manager. Initialization has no effect.
 */
final class FixedTrustManagerFactory extends TrustManagerFactory {

	FixedTrustManagerFactory(TrustManager trustManager) {
		super(new Spi(trustManager), provider(), "SPIFFE");
	}

	/**
	 * Return a provider. A factory needs one, but never uses it.
	 */
	private static Provider provider() {
		return Security.getProviders()[0];
	}

	private static final class Spi extends TrustManagerFactorySpi {

		private final TrustManager trustManager;

		Spi(TrustManager trustManager) {
			this.trustManager = trustManager;
		}

		@Override
		protected void engineInit(@Nullable KeyStore keyStore) {
		}

		@Override
		protected void engineInit(ManagerFactoryParameters parameters) {
		}

		@Override
		protected TrustManager[] engineGetTrustManagers() {
			return new TrustManager[] { this.trustManager };
		}

	}

}
